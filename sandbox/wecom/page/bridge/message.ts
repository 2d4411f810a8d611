import { isBag, textOf } from '../data/parts.ts'
import { BAD_PARAMS, type Ending, fail } from './ending.ts'
import type { OutgoingMessage } from './host.ts'

type Bag = Record<string, unknown>
type Checked = { message: OutgoingMessage } | { refused: Ending }

export const UNSUPPORTED = fail('fail_unsupported_msgtype')
const NO_URL = fail('fail_msg_link_missing_url')
const BAD_IMAGE = fail('fail invalid imgUrl')

const refuse = (refused: Ending): Checked => ({ refused })
const isWeb = (url: string) => /^https?:\/\//i.test(url)
const accept = (msgtype: string, body: Bag, text: string): Checked => ({
  message: { msgtype, text, content: { [msgtype]: body } },
})

/** `news` of sendChatMessage and `link` of the share functions are one thing with two spellings. */
function checkLink(msgtype: string, body: Bag): Checked {
  const url = textOf(body, 'link', 'url')
  if (url === '') return refuse(NO_URL)
  const image = textOf(body, 'imgUrl')
  if (image !== '' && !isWeb(image)) return refuse(BAD_IMAGE)
  return accept(msgtype, body, `[链接] ${textOf(body, 'title') || url} ${url}`)
}

function checkMedia(msgtype: 'image' | 'video' | 'file', body: Bag, mayBeUrl: boolean): Checked {
  const label = { image: '图片', video: '视频', file: '文件' }[msgtype]
  const mediaid = textOf(body, 'mediaid')
  const image = mayBeUrl && msgtype === 'image' ? textOf(body, 'imgUrl') : ''
  if (mediaid === '' && image === '') return refuse(BAD_PARAMS)
  if (image !== '' && !isWeb(image)) return refuse(BAD_IMAGE)
  return accept(msgtype, body, `[${label}] ${mediaid || image}`)
}

function checkMiniprogram(body: Bag): Checked {
  if (textOf(body, 'appid') === '' || !/\.html(\?|$)/.test(textOf(body, 'page'))) return refuse(BAD_PARAMS)
  const image = textOf(body, 'imgUrl')
  if (image !== '' && !isWeb(image)) return refuse(BAD_IMAGE)
  return accept('miniprogram', body, `[小程序] ${textOf(body, 'title')}`)
}

/** `{ msgtype, [msgtype]: body }` as sendChatMessage takes it, or as an attachment of the share functions (`shared`). */
export function checkMessage(params: Bag, shared = false): Checked {
  const msgtype = textOf(params, 'msgtype')
  const own = params[msgtype]
  const body = isBag(own) ? own : {}
  switch (msgtype) {
    case 'text': {
      const text = textOf(body, 'content')
      if (shared) return refuse(UNSUPPORTED)
      return text === '' ? refuse(BAD_PARAMS) : accept('text', body, text)
    }
    case 'news':
      return shared ? refuse(UNSUPPORTED) : checkLink('news', body)
    case 'link':
      return shared ? checkLink('link', body) : refuse(UNSUPPORTED)
    case 'image':
    case 'video':
    case 'file':
      return checkMedia(msgtype, body, shared)
    case 'miniprogram':
      return checkMiniprogram(body)
    default:
      return refuse(UNSUPPORTED)
  }
}

const MAX_ATTACHMENTS = 9
const MAX_TEXT = 4_000

/** What shareToExternalContact / shareToExternalChat hand to 群发助手: text with attachments, or the short form of one link. */
export function checkShare(params: Bag): { messages: OutgoingMessage[] } | { refused: Ending } {
  if (textOf(params, 'link') !== '') {
    const link = checkLink('news', params)
    return 'refused' in link ? link : { messages: [link.message] }
  }
  const text = isBag(params['text']) ? textOf(params['text'], 'content') : ''
  const attachments = Array.isArray(params['attachments']) ? params['attachments'] : []
  if (text.length > MAX_TEXT || attachments.length > MAX_ATTACHMENTS) return { refused: BAD_PARAMS }
  const messages: OutgoingMessage[] = []
  if (text !== '') messages.push({ msgtype: 'text', text, content: { text: { content: text } } })
  for (const attachment of attachments) {
    const checked = checkMessage(isBag(attachment) ? attachment : {}, true)
    if ('refused' in checked) return checked
    messages.push(checked.message)
  }
  return messages.length === 0 ? { refused: BAD_PARAMS } : { messages }
}
