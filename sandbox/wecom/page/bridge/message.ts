import { isBag, textOf } from '../data/parts.ts'
import { BAD_PARAMS, type Ending, fail } from './ending.ts'
import type { OutgoingMessage } from './host.ts'

type Bag = Record<string, unknown>
export type Checked = { message: OutgoingMessage } | { refused: Ending }

export const UNSUPPORTED = fail('fail_unsupported_msgtype')
const NO_URL = fail('fail_msg_link_missing_url')
const BAD_IMAGE = fail('fail invalid imgUrl')

const refuse = (refused: Ending): Checked => ({ refused })
const isWeb = (url: string) => /^https?:\/\//i.test(url)
const accept = (msgtype: string, body: Bag, text: string): Checked => ({
  message: { msgtype, text, content: { [msgtype]: body } },
})

/** `news` of sendChatMessage and `link` of the share functions are one thing with two spellings. */
export function checkLink(msgtype: string, body: Bag): Checked {
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

/** A product of a shop in 视频号; its key is spelt otherwise than its msgtype. */
function checkProduct(params: Bag): Checked {
  const body = params['channelsShopProduct']
  if (!isBag(body) || textOf(body, 'productId') === '' || textOf(body, 'shopAppId') === '') return refuse(BAD_PARAMS)
  const image = textOf(body, 'imgUrl')
  if (image !== '' && !isWeb(image)) return refuse(BAD_IMAGE)
  return {
    message: {
      msgtype: 'channels_shop_product',
      text: `[视频号商品] ${textOf(body, 'title')}`,
      content: { channelsShopProduct: body },
    },
  }
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
    case 'channels_shop_product':
      return shared ? refuse(UNSUPPORTED) : checkProduct(params)
    default:
      // `msgmenu` too: it belongs to 微信客服, which this client does not have.
      return refuse(UNSUPPORTED)
  }
}
