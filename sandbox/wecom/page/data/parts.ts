import { z } from 'zod'
import { Card } from './card.ts'

/** What a message shows, whatever API it came through. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'markdown'; text: string }
  | { kind: 'link'; title: string; desc: string; url: string; image: string }
  | { kind: 'miniprogram'; title: string; rows: { key: string; value: string }[] }
  | { kind: 'product'; title: string; price: string; shop: string; image: string }
  | { kind: 'card'; card: Card }
  | { kind: 'image' | 'video' | 'file' | 'voice'; name: string; url: string }

type Bag = Record<string, unknown>

export const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const bagOf = (value: unknown): Bag => (isBag(value) ? value : {})

/** The first of these fields that holds a non-empty text. */
export function textOf(bag: Bag, ...names: string[]): string {
  for (const name of names) {
    const value = bag[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return ''
}

const linkOf = (bag: Bag): Part => ({
  kind: 'link',
  title: textOf(bag, 'title', 'url', 'link'),
  desc: textOf(bag, 'description', 'desc'),
  url: textOf(bag, 'url', 'link', 'jump_url'),
  image: textOf(bag, 'picurl', 'pic_url', 'imgUrl', 'imgurl'),
})

/** The file behind a media_id, as the stand-in shows it to the people of a chat. */
const mediaUrl = (id: string) => (id === '' ? '' : `${location.origin}/sandbox/api/media/${encodeURIComponent(id)}`)

const Rows = z.array(z.object({ key: z.string(), value: z.string() })).catch([])

/** One message body, as the API of that msgtype words it. Undefined for a body this page can't draw. */
function partsOfBody(msgtype: string, body: Bag): Part[] {
  switch (msgtype) {
    case 'text':
      return [{ kind: 'text', text: textOf(body, 'content') }]
    case 'markdown':
    case 'markdown_v2':
      return [{ kind: 'markdown', text: textOf(body, 'content') }]
    case 'news': {
      const articles = body['articles']
      return Array.isArray(articles) ? articles.map((article) => linkOf(bagOf(article))) : [linkOf(body)]
    }
    case 'link':
    case 'textcard':
      return [linkOf(body)]
    case 'mpnews': {
      const articles = body['articles']
      return Array.isArray(articles) ? articles.map((article) => linkOf(bagOf(article))) : []
    }
    case 'template_card': {
      const card = Card.safeParse(body)
      return card.success ? [{ kind: 'card', card: card.data }] : []
    }
    case 'miniprogram':
    case 'miniprogram_notice': {
      const rows = Rows.parse(body['content_item'] ?? [])
      return [{ kind: 'miniprogram', title: textOf(body, 'title', 'page', 'appid'), rows }]
    }
    case 'channels_shop_product':
      return [
        {
          kind: 'product',
          title: textOf(body, 'title'),
          price: textOf(body, 'sellingPrice'),
          shop: textOf(body, 'shopNickname'),
          image: textOf(body, 'imgUrl'),
        },
      ]
    case 'image':
    case 'video':
    case 'file':
    case 'voice': {
      const media = textOf(body, 'media_id', 'mediaid')
      const url = textOf(body, 'pic_url', 'imgUrl', 'url') || mediaUrl(media)
      return [{ kind: msgtype, name: textOf(body, 'filename', 'title') || media, url }]
    }
    default:
      return []
  }
}

/** An attachment of a mass or welcome message: `{ msgtype, [msgtype]: body }`. */
export function partsOfAttachment(attachment: unknown): Part[] {
  const bag = bagOf(attachment)
  const msgtype = textOf(bag, 'msgtype')
  const parts = partsOfBody(msgtype, bagOf(bag[msgtype]))
  return parts.length > 0 ? parts : [{ kind: 'text', text: `[${msgtype || '?'}]` }]
}

/** A line of the ledger: one message body, or text with attachments as welcome and mass messages have them. */
export function partsOf(message: { msgtype: string; text: string; content: unknown }): Part[] {
  const content = bagOf(message.content)
  const attachments = content['attachments']
  if (Array.isArray(attachments)) {
    const text: Part[] = message.text === '' ? [] : [{ kind: 'text', text: message.text }]
    return [...text, ...attachments.flatMap(partsOfAttachment)]
  }
  const own = content[message.msgtype] ?? content['channelsShopProduct']
  const parts = partsOfBody(message.msgtype, isBag(own) ? own : content)
  const isBlank = parts.every((part) => 'text' in part && part.text === '')
  return isBlank ? [{ kind: 'text', text: message.text }] : parts
}

/** Only web addresses become links: anything else (javascript:, data:, relative) stays text. */
export function safeUrl(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined
}
