import { z } from 'zod'
import { atMostBytes } from './bytes.ts'
import { cardTitle, NoticeCard } from './card.ts'
import { numberedParts } from './split.ts'

/** Bytes of UTF-8 in one message of a robot (apis.md §19). */
export const robotBytes = { text: 2048, markdown: 4096, markdown_v2: 4096 } as const
/** Bytes of a picture, before it is encoded. */
export const imageBytes = 2 * 1024 * 1024
/** Longer texts go out as several messages, at most this long in all: no more than one robot may say in a minute. */
export const maxRobotText = 16_000
/** Messages a minute we let one robot send; WeCom takes 20. */
export const robotPerMinute = 18

/** A picture with a title that leads somewhere. */
export const Article = z.object({
  title: atMostBytes(128).min(1),
  description: atMostBytes(512).optional(),
  url: z.url().max(2048),
  picurl: z.url().max(2048).optional(),
})
export type Article = z.infer<typeof Article>

const long = atMostBytes(maxRobotText).trim().min(1)
/** A file of the media library. */
const asset = { assetId: z.string().min(1).max(64), name: z.string().min(1).max(200) }

/** What a group's robot can say. `mentions` are userids or @all, `mobiles` phone numbers. */
export const RobotMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    text: long,
    mentions: z.array(z.string().min(1).max(64)).max(100).default([]),
    mobiles: z
      .array(z.string().regex(/^\d{5,20}$|^@all$/))
      .max(100)
      .default([]),
  }),
  z.object({ kind: z.literal('markdown'), text: long }),
  z.object({ kind: z.literal('markdown_v2'), text: long }),
  z.object({ kind: z.literal('news'), articles: z.array(Article).min(1).max(8) }),
  z.object({ kind: z.literal('image'), ...asset }),
  z.object({ kind: z.literal('file'), ...asset }),
  z.object({ kind: z.literal('voice'), ...asset }),
  z.object({ kind: z.literal('card'), card: NoticeCard }),
])
export type RobotMessage = z.infer<typeof RobotMessage>
export type RobotKind = RobotMessage['kind']
export const robotKinds = [
  'text',
  'markdown',
  'markdown_v2',
  'news',
  'image',
  'file',
  'voice',
  'card',
] as const satisfies RobotKind[]

/** What a robot sends one after the other: a long text in numbered parts; members are mentioned with the first. */
export const robotParts = (message: RobotMessage): RobotMessage[] => {
  switch (message.kind) {
    case 'text':
      return numberedParts(message.text, robotBytes.text).map((text, part) =>
        part === 0 ? { ...message, text } : { kind: 'text', text, mentions: [], mobiles: [] },
      )
    case 'markdown':
    case 'markdown_v2':
      return numberedParts(message.text, robotBytes[message.kind]).map((text) => ({ ...message, text }))
    case 'news':
    case 'image':
    case 'file':
    case 'voice':
    case 'card':
      return [message]
  }
}

/** The words a list shows of a message. */
export const robotText = (message: RobotMessage): string => {
  switch (message.kind) {
    case 'text':
    case 'markdown':
    case 'markdown_v2':
      return message.text
    case 'news':
      return message.articles.map(({ title }) => title).join('\n')
    case 'card':
      return cardTitle(message.card)
    case 'image':
    case 'file':
    case 'voice':
      return message.name
  }
}
