import { byteLength } from '@zhiyin/shared/bytes'
import type { ContentBody } from '@zhiyin/shared/content'

/** A message to a customer holds at most this much text (limits.md §9). */
const maxTextBytes = 4000

/** An address as WeChat makes one out of a text: it ends at a space, a Chinese character or Chinese punctuation. */
const address = /https?:\/\/[^\s<>"'`\u3000-\u303F\u4E00-\u9FFF\uFF00-\uFFEF“”‘’…]+/g
const trailing = /[.,;:!?)\]}]+$/

type Found = { readonly url: string; readonly title: string | null }

const shorten = (text: string, short: (found: Found) => string): string =>
  text.replace(address, (found) => {
    const end = trailing.exec(found)?.[0] ?? ''
    return `${short({ url: found.slice(0, found.length - end.length), title: null })}${end}`
  })

/**
 * A body with every address in its text and on its cards replaced by what `short` makes of it. A text that would become too long for a
 * message keeps its own addresses.
 */
export const replaceLinks = (body: ContentBody, short: (found: Found) => string): ContentBody => {
  const text = shorten(body.text, short)
  return {
    text: byteLength(text) <= maxTextBytes ? text : body.text,
    attachments: body.attachments.map((each) =>
      each.type === 'link' ? { ...each, url: short({ url: each.url, title: each.title }) } : each,
    ),
  }
}

/** The codes of our short addresses in a body. `base`: the public address. */
export const codesIn = (body: ContentBody, base: string): string[] => {
  const codes: string[] = []
  replaceLinks(body, ({ url }) => {
    if (url.startsWith(`${base}/l/`)) codes.push(url.slice(base.length + 3))
    return url
  })
  return codes
}
