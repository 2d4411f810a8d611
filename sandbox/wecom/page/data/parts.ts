/** What a message shows, whatever API it came through. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'markdown'; text: string }
  | { kind: 'link'; title: string; desc: string; url: string; image: string }
  | { kind: 'miniprogram'; title: string }
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

const templateCardOf = (bag: Bag): Part => {
  const main = bagOf(bag['main_title'])
  return {
    kind: 'link',
    title: textOf(main, 'title') || textOf(bag, 'sub_title_text'),
    desc: textOf(main, 'desc') || textOf(bag, 'sub_title_text'),
    url: textOf(bagOf(bag['card_action']), 'url'),
    image: '',
  }
}

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
    case 'template_card':
      return [templateCardOf(body)]
    case 'miniprogram':
    case 'miniprogram_notice':
      return [{ kind: 'miniprogram', title: textOf(body, 'title', 'page', 'appid') }]
    case 'image':
    case 'video':
    case 'file':
    case 'voice': {
      const url = textOf(body, 'pic_url', 'imgUrl', 'url')
      return [{ kind: msgtype, name: textOf(body, 'filename', 'title', 'media_id', 'mediaid'), url }]
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
  const own = content[message.msgtype]
  const parts = partsOfBody(message.msgtype, isBag(own) ? own : content)
  const isBlank = parts.every((part) => 'text' in part && part.text === '')
  return isBlank ? [{ kind: 'text', text: message.text }] : parts
}

/** Only web addresses become links: anything else (javascript:, data:, relative) stays text. */
export function safeUrl(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined
}
