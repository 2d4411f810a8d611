import { z } from 'zod'
import { atMostBytes as bytes } from './bytes.ts'
import { Tier } from './tier.ts'

/** A file of the media library; `name` is its file name, shown where the file itself is not. */
const asset = { assetId: z.string().min(1).max(64), name: z.string().min(1).max(200) }

/** What attachments may weigh, as WeCom limits them (bytes of UTF-8). */
export const attachmentLimits = { linkTitle: 128, linkDesc: 512, url: 2048, miniprogramTitle: 64, count: 9 } as const

/** A link card. */
export const LinkAttachment = z.object({
  type: z.literal('link'),
  title: bytes(attachmentLimits.linkTitle).min(1),
  url: z.url().max(attachmentLimits.url),
  desc: bytes(attachmentLimits.linkDesc).optional(),
  picurl: z.url().max(attachmentLimits.url).optional(),
})
/** A picture by its address on the web. */
const ImageByUrl = z.object({ type: z.literal('image'), picUrl: z.url().max(attachmentLimits.url) })
/** A picture of the media library. */
const ImageByAsset = z.object({ type: z.literal('image'), ...asset })
/** A mini-program card; `assetId` is its cover (520 × 416). The mini-program must be linked to the company. */
const MiniprogramAttachment = z.object({
  type: z.literal('miniprogram'),
  title: bytes(attachmentLimits.miniprogramTitle).min(1),
  appid: z.string().trim().min(1).max(64),
  page: z.string().trim().min(1).max(1024),
  ...asset,
})
const FileAttachment = z.object({ type: z.enum(['video', 'file']), ...asset })

export const Attachment = z.union([LinkAttachment, ImageByUrl, ImageByAsset, MiniprogramAttachment, FileAttachment])
export type Attachment = z.infer<typeof Attachment>

/** Text with variables: {{ customer.name }}, {{ rep.name }}, {{ tier }}, {{ days_silent }}, each with an optional default filter. */
export const ContentBody = z.object({
  text: bytes(4000).min(1),
  attachments: z.array(Attachment).max(attachmentLimits.count).default([]),
})
export type ContentBody = z.infer<typeof ContentBody>

/** The files of the library a body needs. */
export const assetIdsOf = ({ attachments }: Pick<ContentBody, 'attachments'>): string[] => [
  ...new Set(attachments.flatMap((each) => ('assetId' in each ? [each.assetId] : []))),
]

/** One content item: a default body and, where wanted, a variant for a tier (分层内容). */
export const ContentInput = z.object({
  name: z.string().trim().min(1).max(60),
  body: ContentBody,
  variants: z.partialRecord(Tier, ContentBody).default({}),
})
export type ContentInput = z.infer<typeof ContentInput>

export const Content = ContentInput.extend({ id: z.string(), updatedAt: z.iso.datetime(), updatedBy: z.string() })
export type Content = z.infer<typeof Content>
