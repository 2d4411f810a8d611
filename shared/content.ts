import { z } from 'zod'
import { atMostBytes as bytes } from './bytes.ts'
import { Stage } from './stage.ts'
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

/** How much a text to a customer may weigh, in bytes of UTF-8 (add_msg_template, send_welcome_msg). */
export const textLimit = 4000

type Said = { readonly text: string; readonly attachments: readonly Attachment[] }
/** Whether there is anything to send: words, attachments, or both (add_msg_template and send_welcome_msg take either). */
export const saysSomething = ({ text, attachments }: Said): boolean => text.trim() !== '' || attachments.length > 0

/** Text with variables ({{ customer.name }}, each with an optional default filter) and what goes with it; '' where attachments say all. */
export const ContentBody = z
  .object({
    text: bytes(textLimit),
    attachments: z.array(Attachment).max(attachmentLimits.count).default([]),
  })
  .refine(saysSomething, {
    path: ['text'],
    params: {
      zh: '请写文字，或加上附件：两样都没有就没有可发的',
      en: 'Write a text or add an attachment: with neither there is nothing to send',
    },
  })
export type ContentBody = z.infer<typeof ContentBody>

/** What an attachment is called in a list. */
export const attachmentName = (one: Attachment): string => {
  if (one.type === 'link' || one.type === 'miniprogram') return one.title
  return 'name' in one ? one.name : one.picUrl
}

/** A body in one line: its text, or what its attachments are called. */
export const wordsOf = ({ text, attachments }: Said): string =>
  text.trim() === '' ? attachments.map((each) => `[${attachmentName(each)}]`).join(' ') : text

/** The files of the library a body needs. */
export const assetIdsOf = ({ attachments }: Pick<ContentBody, 'attachments'>): string[] => [
  ...new Set(attachments.flatMap((each) => ('assetId' in each ? [each.assetId] : []))),
]

type Weighed = { readonly text: string; readonly limit: number }
/** The parts of a body that are templates, each with the most it may weigh: the text, then the words of its cards in order. */
export const textsOf = (body: ContentBody): Weighed[] => [
  { text: body.text, limit: textLimit },
  ...body.attachments.flatMap((each): Weighed[] => {
    if (each.type === 'miniprogram') return [{ text: each.title, limit: attachmentLimits.miniprogramTitle }]
    if (each.type !== 'link') return []
    const title = { text: each.title, limit: attachmentLimits.linkTitle }
    return each.desc === undefined ? [title] : [title, { text: each.desc, limit: attachmentLimits.linkDesc }]
  }),
]

/** A body with other words in place of what `textsOf` gives, in the same order. */
export const withTexts = (body: ContentBody, texts: readonly string[]): ContentBody => {
  const [text = body.text, ...rest] = texts
  let next = 0
  const take = (own: string): string => rest[next++] ?? own
  const attachments = body.attachments.map((each): Attachment => {
    if (each.type === 'miniprogram') return { ...each, title: take(each.title) }
    if (each.type !== 'link') return each
    const title = take(each.title)
    return each.desc === undefined ? { ...each, title } : { ...each, title, desc: take(each.desc) }
  })
  return { text, attachments }
}

/** Whom a variant is for; what is absent or empty asks nothing. */
export const VariantWhen = z
  .object({
    tiers: z.array(Tier).optional(),
    stages: z.array(Stage).optional(),
    segmentIds: z.array(z.string().min(1).max(64)).max(20).optional(),
  })
  .refine(({ tiers = [], stages = [], segmentIds = [] }) => tiers.length + stages.length + segmentIds.length > 0, {
    params: {
      zh: '请选择这一版给谁：层级、阶段或人群',
      en: 'Choose whom this variant is for: tiers, stages or segments',
    },
  })
export type VariantWhen = z.infer<typeof VariantWhen>

/** `couponId`: the batch its coupon codes come from; absent: that of the content. */
export const Variant = z.object({ when: VariantWhen, body: ContentBody, couponId: z.string().max(64).optional() })
export type Variant = z.infer<typeof Variant>

/** What of a customer or group decides which variant they get. */
export type Who = { readonly tier: Tier; readonly stage: Stage | null; readonly segmentIds: readonly string[] }

const fits = ({ tiers = [], stages = [], segmentIds = [] }: VariantWhen, who: Who): boolean =>
  (tiers.length === 0 || tiers.includes(who.tier)) &&
  (stages.length === 0 || (who.stage !== null && stages.includes(who.stage))) &&
  (segmentIds.length === 0 || segmentIds.some((id) => who.segmentIds.includes(id)))

/** How a variant is called in results: A,B+silent */
export const variantName = ({ tiers = [], stages = [], segmentIds = [] }: VariantWhen): string =>
  [tiers, stages, segmentIds].flatMap((part) => (part.length === 0 ? [] : part.join(','))).join('+')

export const defaultVariant = 'default'

/** Whom a variant is for, from its name; null: the default. */
export const whenOf = (variant: string): VariantWhen | null => {
  if (variant === defaultVariant) return null
  const parts = variant.split(/[+,]/)
  const tiers = parts.flatMap((part) => Tier.safeParse(part).data ?? [])
  const stages = parts.flatMap((part) => Stage.safeParse(part).data ?? [])
  const known: readonly string[] = [...tiers, ...stages]
  return { tiers, stages, segmentIds: parts.filter((part) => !known.includes(part)) }
}

/** The first variant that fits, else the default body. */
export const variantFor = (
  { body, variants, couponId }: Pick<ContentInput, 'body' | 'variants' | 'couponId'>,
  who: Who,
): { body: ContentBody; variant: string; couponId: string | null } => {
  const own = variants.find(({ when }) => fits(when, who))
  return own === undefined
    ? { body, variant: defaultVariant, couponId }
    : { body: own.body, variant: variantName(own.when), couponId: own.couponId ?? couponId }
}

export const Folder = z.string().trim().max(40)

/** One content item: a default body and, where wanted, variants for tiers, stages and segments (分层内容). */
export const ContentInput = z.object({
  name: z.string().trim().min(1).max(60),
  /** '' is none. */
  folder: Folder.default(''),
  body: ContentBody,
  variants: z.array(Variant).max(20).default([]),
  /** The batch its coupon codes come from. */
  couponId: z.string().max(64).nullable().default(null),
  /** From then on nothing is sent of it. */
  expiresAt: z.iso.datetime().nullable().default(null),
})
export type ContentInput = z.infer<typeof ContentInput>

export const contentStates = ['ready', 'waiting', 'expired'] as const
/** ready: it is sent; waiting: a second person has to approve it first; expired: it is sent no more. */
export const ContentState = z.enum(contentStates)
export type ContentState = z.infer<typeof ContentState>

const Approval = z.object({ version: z.int(), by: z.string(), at: z.iso.datetime() })

export const Content = ContentInput.extend({
  id: z.string(),
  /** Grows by one whenever what is sent changes. */
  version: z.int(),
  state: ContentState,
  /** The newest version a second person approved. */
  approved: Approval.nullable(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
})
export type Content = z.infer<typeof Content>

/** What was sent of a content item at one time. */
export const ContentVersion = ContentInput.pick({ name: true, body: true, variants: true, couponId: true }).extend({
  version: z.int(),
  at: z.iso.datetime(),
  by: z.string(),
  approved: Approval.omit({ version: true }).nullable(),
})
export type ContentVersion = z.infer<typeof ContentVersion>

/** `approval`: only versions a second person has approved are sent. */
export const ContentSettings = z.object({ approval: z.boolean().default(false) })
export type ContentSettings = z.infer<typeof ContentSettings>
