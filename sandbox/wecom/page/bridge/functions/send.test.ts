// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { type Client, endOf, openClient } from '../testing/client.ts'

const image = 'https://a.example.com/1.png'
const news = { link: 'https://shop.example.com/a', title: '会员日', desc: '', imgUrl: '' }
const miniprogram = { appid: 'wx1', title: '商城', imgUrl: image, page: 'pages/index.html' }
const product = {
  productId: 'p1',
  shopAppId: 'wx2',
  imgUrl: image,
  title: '精华',
  sellingPrice: '¥99',
  shopImgUrl: '',
  shopNickname: '初雪',
}
let client: Client
const send = async (params: object) => {
  await client.ww.ensureAgentConfigReady()
  return endOf(client.ww.invoke('sendChatMessage', { ...params }))
}
beforeEach(async () => {
  client = await openClient()
  client.register()
})

it.each<[string, object, string]>([
  ['text', { text: { content: '你好' } }, '你好'],
  ['image', { image: { mediaid: 'm1' } }, '[图片] m1'],
  ['video', { video: { mediaid: 'm2' } }, '[视频] m2'],
  ['file', { file: { mediaid: 'm3' } }, '[文件] m3'],
  ['news', { news }, '[链接] 会员日 https://shop.example.com/a'],
  ['miniprogram', { miniprogram }, '[小程序] 商城'],
  ['channels_shop_product', { channelsShopProduct: product }, '[视频号商品] 精华'],
])('puts %s into the chat', async (msgtype, content, text) => {
  expect(await send({ msgtype, ...content })).toMatchObject({ errMsg: 'sendChatMessage:ok', errCode: 0 })
  expect(client.acts).toEqual([['say', { external_userid: 'wm1' }, { msgtype, text, content }]])
})

it('goes by the SDK’s own function, to the group where it is opened in one', async () => {
  client.entry = 'group_chat_tools'
  await client.ww.sendChatMessage({ msgtype: 'text', text: { content: '大家好' }, enterChat: true })
  expect(client.acts.map(([name, target]) => [name, target])).toEqual([
    ['say', { chat_id: 'wr1' }],
    ['enterChat', undefined],
  ])
})

it.each<[string, object, string]>([
  ['empty text', { msgtype: 'text', text: { content: '' } }, 'fail invalid parameter'],
  ['a picture without media', { msgtype: 'image', image: {} }, 'fail invalid parameter'],
  ['a link without address', { msgtype: 'news', news: { ...news, link: '' } }, 'msglinkmissingurl'],
  ['a link with a bad picture', { msgtype: 'news', news: { ...news, imgUrl: 'data:x' } }, 'fail invalid imgurl'],
  [
    'a page that is no .html',
    { msgtype: 'miniprogram', miniprogram: { ...miniprogram, page: 'x' } },
    'fail invalid parameter',
  ],
  [
    'a card without shop',
    { msgtype: 'channels_shop_product', channelsShopProduct: { productId: 'p' } },
    'fail invalid parameter',
  ],
  ['link, which is for sharing', { msgtype: 'link', link: { url: image } }, 'unsupportedmsgtype'],
  [
    'a menu, which is for 微信客服',
    { msgtype: 'msgmenu', msgmenu: { head_content: '?', list: [] } },
    'unsupportedmsgtype',
  ],
  ['nobody’s msgtype', { msgtype: 'poem' }, 'unsupportedmsgtype'],
])('refuses %s', async (_case, params, ending) => {
  expect(await send(params)).toMatchObject({ errMsg: `sendChatMessage:${ending}` })
  expect(client.acts).toEqual([])
})

it.each(['contact_profile', 'normal', 'internal_group_chat_board'] as const)('works not from %s', async (entry) => {
  client.entry = entry
  expect(await send({ msgtype: 'text', text: { content: '你好' } })).toMatchObject({
    errMsg: 'sendChatMessage:fail without context of external contact',
  })
})
