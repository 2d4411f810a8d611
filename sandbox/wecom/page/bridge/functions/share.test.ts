// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { type Client, endOf, openClient } from '../testing/client.ts'

const text = { content: '大家好' }
const imgUrl = 'https://a.example.com/1.png'
const picture = { msgtype: 'image' as const, image: { imgUrl } }
let client: Client
beforeEach(async () => {
  client = await openClient()
  client.register()
})
const hello = { msgtype: 'text', text: '大家好', content: { text } }
/** A raw call: what TypeScript would not let a page ask. */
const ask = async (name: string, params: object) => {
  await client.ww.ensureAgentConfigReady()
  return endOf(client.ww.invoke(name, { ...params }))
}

it('shareToExternalContact goes to the customers the member chose', async () => {
  await client.ww.shareToExternalContact({ text, attachments: [picture] })
  const shown = { msgtype: 'image', text: `[图片] ${imgUrl}`, content: { image: { imgUrl } } }
  expect(client.acts).toEqual([['sayToMany', [{ external_userid: 'wm2' }], [hello, shown]]])
})

it('shareToExternalChat goes to the groups the member chose, also in its short form', async () => {
  client.picked = ['wr1']
  const link = { title: '会员日', desc: '', link: 'https://shop.example.com', imgUrl: '' }
  await client.ww.shareToExternalChat(link)
  expect(client.acts).toMatchObject([['sayToMany', [{ chat_id: 'wr1' }], [{ msgtype: 'news' }]]])
})

it.each([
  ['nothing', {}, 'fail invalid parameter'],
  ['a text of 4,001 characters', { text: { content: '字'.repeat(4001) } }, 'fail invalid parameter'],
  ['ten attachments', { attachments: Array.from({ length: 10 }, () => picture) }, 'fail invalid parameter'],
  ['a product', { attachments: [{ msgtype: 'channels_shop_product' }] }, 'unsupportedmsgtype'],
  ['too many customers', { text, externalUserIds: 'wm1;'.repeat(20_001) }, 'fail invalid parameter'],
])('shareToExternalContact refuses %s', async (_case, params, ending) => {
  expect(await ask('shareToExternalContact', params)).toMatchObject({ errMsg: `shareToExternalContact:${ending}` })
  expect(client.acts).toEqual([])
})

it('shareToExternalMoments is published by the member', async () => {
  await client.ww.shareToExternalMoments({ text, attachments: [picture, picture] })
  expect(client.acts).toMatchObject([['publishMoment', { text: '大家好', attachments: [{}, {}] }]])
})

it.each([
  ['a text of 2,001 characters', { text: { content: '字'.repeat(2001) } }],
  ['a picture beside a link', { attachments: [picture, { msgtype: 'link', link: { url: imgUrl } }] }],
  ['two videos', { attachments: [1, 2].map((n) => ({ msgtype: 'video', video: { mediaid: `m${n}` } })) }],
  ['a file', { attachments: [{ msgtype: 'file', file: { mediaid: 'm1' } }] }],
])('shareToExternalMoments refuses %s', async (_case, params) => {
  expect(await ask('shareToExternalMoments', params)).toMatchObject({
    errMsg: 'shareToExternalMoments:fail invalid parameter',
  })
})

it('updateMomentsSetting asks the member; a signature has 30 characters', async () => {
  await client.ww.updateMomentsSetting({ signature: '护肤顾问李娜' })
  expect(client.acts).toEqual([['setMomentsCover', { signature: '护肤顾问李娜', imgUrl: '' }]])
  expect(await endOf(client.ww.updateMomentsSetting({ signature: '字'.repeat(31) }))).toMatchObject({
    errMsg: 'updateMomentsSetting:fail invalid parameter',
  })
})

it.each([
  ['shareToExternalContact', () => client.ww.shareToExternalContact({ text })],
  ['shareToExternalChat', () => client.ww.shareToExternalChat({ text })],
  ['shareToExternalMoments', () => client.ww.shareToExternalMoments({ text })],
  ['updateMomentsSetting', () => client.ww.updateMomentsSetting({ signature: '好' })],
])('%s ends with cancel when the member gives up', async (name, call) => {
  client.picked = undefined
  expect(await endOf(call())).toMatchObject({ errMsg: `${name}:cancel` })
  expect(client.acts).toEqual([])
})

it('moments are in the phone clients alone', async () => {
  client.isPhone = false
  expect(await endOf(client.ww.shareToExternalMoments({ text }))).toMatchObject({
    errMsg: 'shareToExternalMoments:function not exist',
  })
})
