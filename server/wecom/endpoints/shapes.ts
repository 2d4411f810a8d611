import { z } from 'zod'
import { atMostBytes } from '@zhiyin/shared/bytes'

/** Shapes that many answers share. Answers are read leniently: only what we use, extra fields cut off. */

export const text = z.string()
export const list = z.array(z.string()).default([])
export const seconds = z.coerce.number()
export const cursor = text.optional()
export const next = text.default('')
export const nothing = z.object({})

/** Text of at most `most` characters as WeCom counts them: an emoji is one. */
export const chars = (most: number) => text.refine((value) => [...value].length <= most, `at most ${most} characters`)

/** Most customer APIs begin so. */
export const cgi = '/cgi-bin/externalcontact'

/** A picture with a title that leads somewhere, in news of robots and of the app. */
export const article = z.object({
  title: atMostBytes(128).min(1),
  description: atMostBytes(512).optional(),
  url: atMostBytes(2048).min(1),
  picurl: text.max(2048).optional(),
})
