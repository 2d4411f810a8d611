import { z } from 'zod'
import { atMostBytes } from './bytes.ts'
import { Card, cardTitle } from './card.ts'
import { Article, maxRobotText } from './robot.ts'
import { numberedParts } from './split.ts'

/** Bytes of UTF-8 in one text of the app (apis.md §18). */
export const appTextBytes = 2048

const long = atMostBytes(maxRobotText).trim().min(1)
/** A file of the media library. */
const asset = { assetId: z.string().min(1).max(64), name: z.string().min(1).max(200) }

/** What the app can say to members, and what it can do to what it has said. */
export const AppMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: long }),
  z.object({ kind: z.literal('markdown'), text: long }),
  z.object({
    kind: z.literal('textcard'),
    title: atMostBytes(128).min(1),
    description: atMostBytes(512).min(1),
    url: z.url().max(2048),
    /** At most 4 characters; WeCom's own is 详情. */
    button: z.string().min(1).max(4).optional(),
  }),
  z.object({ kind: z.literal('news'), articles: z.array(Article).min(1).max(8) }),
  z.object({ kind: z.literal('image'), ...asset }),
  z.object({ kind: z.literal('file'), ...asset }),
  z.object({ kind: z.literal('voice'), ...asset }),
  z.object({
    kind: z.literal('video'),
    ...asset,
    title: atMostBytes(128).optional(),
    description: atMostBytes(512).optional(),
  }),
  z.object({ kind: z.literal('card'), card: Card }),
  /** A card that was sent shows something else; the code comes with the card or its event, is good once and for 72 h. */
  z.object({ kind: z.literal('card_update'), code: z.string().min(1), card: Card }),
  /** Takes a message back, within 24 h. */
  z.object({ kind: z.literal('recall'), msgid: z.string().min(1) }),
])
export type AppMessage = z.infer<typeof AppMessage>

/** What the app sends one after the other: a long text in numbered parts. */
export const appParts = (message: AppMessage): AppMessage[] =>
  message.kind === 'text' || message.kind === 'markdown'
    ? numberedParts(message.text, appTextBytes).map((text) => ({ kind: message.kind, text }))
    : [message]

/** The words a list shows of a message. */
export const appText = (message: AppMessage): string => {
  switch (message.kind) {
    case 'text':
    case 'markdown':
      return message.text
    case 'textcard':
      return `${message.title}\n${message.description}`
    case 'news':
      return message.articles.map(({ title }) => title).join('\n')
    case 'card':
    case 'card_update':
      return cardTitle(message.card)
    case 'image':
    case 'file':
    case 'voice':
    case 'video':
      return message.name
    case 'recall':
      return ''
  }
}
