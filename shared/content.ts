import { z } from 'zod'
import { Tier } from './tier.ts'

const bytes = (max: number) =>
  z.string().refine((s) => new TextEncoder().encode(s).length <= max, `at most ${max} bytes of UTF-8`)

/** A link card; sizes in bytes as WeCom limits them. */
export const LinkAttachment = z.object({
  type: z.literal('link'),
  title: bytes(128).min(1),
  url: z.url().max(2048),
  desc: bytes(512).optional(),
  picurl: z.url().max(2048).optional(),
})
export const ImageAttachment = z.object({ type: z.literal('image'), picUrl: z.url().max(2048) })
export const Attachment = z.discriminatedUnion('type', [LinkAttachment, ImageAttachment])
export type Attachment = z.infer<typeof Attachment>

/** Text with variables: {{ customer.name }}, {{ rep.name }}, {{ tier }}, {{ days_silent }}, each with an optional default filter. */
export const ContentBody = z.object({ text: bytes(4000).min(1), attachments: z.array(Attachment).max(9).default([]) })
export type ContentBody = z.infer<typeof ContentBody>

/** One content item: a default body and, where wanted, a variant for a tier (分层内容). */
export const ContentInput = z.object({
  name: z.string().trim().min(1).max(60),
  body: ContentBody,
  variants: z.partialRecord(Tier, ContentBody).default({}),
})
export type ContentInput = z.infer<typeof ContentInput>

export const Content = ContentInput.extend({ id: z.string(), updatedAt: z.iso.datetime(), updatedBy: z.string() })
export type Content = z.infer<typeof Content>
