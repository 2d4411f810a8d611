// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { type Client, endOf, openClient } from '../testing/client.ts'

let client: Client
beforeEach(async () => {
  client = await openClient()
  client.register()
})

it('checkJsApi tells what this client has; a desktop has no moments', async () => {
  const ask = () => client.ww.checkJsApi({ jsApiList: ['previewImage', 'shareToExternalMoments', 'nope'] })
  const answer = { previewImage: true, shareToExternalMoments: true, nope: false }
  await expect(ask()).resolves.toMatchObject({ checkResult: answer })
  client.isPhone = false
  await expect(ask()).resolves.toMatchObject({ checkResult: { ...answer, shareToExternalMoments: false } })
})

it('setClipboardData', async () => {
  await client.ww.setClipboardData({ data: '抄' })
  expect(client.acts).toEqual([['copy', '抄']])
})

it('openDefaultBrowser opens web addresses alone', async () => {
  await client.ww.openDefaultBrowser({ url: 'https://a.example.com' })
  const end = await endOf(client.ww.openDefaultBrowser({ url: 'javascript:alert(1)' }))
  expect(end).toMatchObject({ errMsg: 'openDefaultBrowser:fail invalid url' })
  expect(client.acts).toEqual([['openBrowser', 'https://a.example.com']])
})

it('launchMiniprogram names the program and its page', async () => {
  await client.ww.launchMiniprogram({ appid: 'wx1', path: 'pages/home/index' })
  expect(client.acts).toEqual([['openMiniprogram', 'wx1', 'pages/home/index.html']])
})

it('setShareAttr is kept; no page here came with a ticket for getShareInfo', async () => {
  await expect(client.ww.setShareAttr({ withShareTicket: true, state: 'S' })).resolves.toMatchObject({ errCode: 0 })
  expect(await endOf(client.ww.getShareInfo({ shareTicket: 'x' }))).toMatchObject({
    errMsg: 'getShareInfo:fail invalid shareticket',
  })
})

it('closeWindow', async () => {
  await client.ww.closeWindow()
  expect(client.acts).toEqual([['closePage']])
})

it('the menu of the window can be hidden and shown', async () => {
  const { ww } = client
  for (const call of [ww.hideOptionMenu(), ww.showOptionMenu(), ww.hideAllNonBaseMenuItem()])
    await expect(call).resolves.toMatchObject({ errCode: 0 })
})
