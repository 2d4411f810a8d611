import { z } from 'zod'

/** Shapes that many answers share. Answers are read leniently: only what we use, extra fields cut off. */

export const text = z.string()
export const list = z.array(z.string()).default([])
export const seconds = z.coerce.number()
export const cursor = text.optional()
export const next = text.default('')
export const nothing = z.object({})

/** Most customer APIs begin so. */
export const cgi = '/cgi-bin/externalcontact'
