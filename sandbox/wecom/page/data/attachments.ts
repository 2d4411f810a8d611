import type { OutgoingMessage } from '../bridge/host.ts'
import { isBag, textOf } from './parts.ts'

/**
 * A message of the JS-SDK as the attachment of a mass message: the server's API spells `media_id`, `picurl` and `pic_url` where the
 * SDK says `mediaid` and `imgUrl`.
 */
export function toAttachment({ msgtype, content }: OutgoingMessage): Record<string, unknown> {
  const own = content[msgtype]
  const body = isBag(own) ? own : {}
  if (msgtype === 'news' || msgtype === 'link') {
    const link = { title: textOf(body, 'title', 'url', 'link'), url: textOf(body, 'url', 'link') }
    const more = { desc: textOf(body, 'desc'), picurl: textOf(body, 'imgUrl') }
    return { msgtype: 'link', link: { ...link, ...more } }
  }
  if (msgtype === 'miniprogram') {
    const { appid, page, title } = body
    return { msgtype, miniprogram: { appid, page, title, pic_media_id: textOf(body, 'imgUrl') } }
  }
  const media = textOf(body, 'mediaid')
  return { msgtype, [msgtype]: media === '' ? { pic_url: textOf(body, 'imgUrl') } : { media_id: media } }
}
