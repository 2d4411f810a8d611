import { isBag, textOf } from '../data/parts.ts'
import { BAD_PARAMS, type Ending } from './ending.ts'
import type { Moment, OutgoingMessage } from './host.ts'
import { checkLink, checkMessage } from './message.ts'

type Bag = Record<string, unknown>
const MAX_TEXT = 4_000
const MAX_MOMENT_TEXT = 2_000
const MAX_ATTACHMENTS = 9

/** Text and attachments as the share functions take them. */
function checkBody(params: Bag, maxText: number): Moment | { refused: Ending } {
  const text = isBag(params['text']) ? textOf(params['text'], 'content') : ''
  const given = Array.isArray(params['attachments']) ? params['attachments'] : []
  if (text.length > maxText || given.length > MAX_ATTACHMENTS) return { refused: BAD_PARAMS }
  const attachments: OutgoingMessage[] = []
  for (const attachment of given) {
    const checked = checkMessage(isBag(attachment) ? attachment : {}, true)
    if ('refused' in checked) return checked
    attachments.push(checked.message)
  }
  return text === '' && attachments.length === 0 ? { refused: BAD_PARAMS } : { text, attachments }
}

/** What shareToExternalContact / shareToExternalChat hand to 群发助手: text with attachments, or the short form of one link. */
export function checkShare(params: Bag): { messages: OutgoingMessage[] } | { refused: Ending } {
  if (textOf(params, 'link') !== '') {
    const link = checkLink('news', params)
    return 'refused' in link ? link : { messages: [link.message] }
  }
  const body = checkBody(params, MAX_TEXT)
  if ('refused' in body) return body
  const { text, attachments } = body
  const first: OutgoingMessage[] = text === '' ? [] : [{ msgtype: 'text', text, content: { text: { content: text } } }]
  return { messages: [...first, ...attachments] }
}

/** What shareToExternalMoments takes: text with up to nine pictures, or one video, or one link. */
export function checkMoment(params: Bag): Moment | { refused: Ending } {
  const body = checkBody(params, MAX_MOMENT_TEXT)
  if ('refused' in body) return body
  const kinds = new Set(body.attachments.map(({ msgtype }) => msgtype))
  const [kind = 'image'] = kinds
  const fits = kinds.size <= 1 && ['image', 'video', 'link'].includes(kind)
  const isAlone = kind === 'image' || body.attachments.length <= 1
  return fits && isAlone ? body : { refused: BAD_PARAMS }
}
