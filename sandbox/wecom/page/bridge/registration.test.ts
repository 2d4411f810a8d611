// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { ALL, type Client, endOf, openClient } from './testing/client.ts'

let client: Client
beforeEach(async () => {
  client = await openClient()
})

it('accepts a signature made with the ticket for this address, once for several calls', async () => {
  const { ww } = client
  client.register()
  await expect(ww.getContext()).resolves.toMatchObject({ errMsg: 'getContext:ok', errCode: 0 })
  await expect(ww.getCurExternalContact()).resolves.toMatchObject({ userId: 'wm1' })
  expect(client.calls).toEqual(['agentConfig', 'getContext', 'getCurExternalContact'])
})

it('says which functions the client has, as the page waits for it', async () => {
  client.register(['getContext', 'makeCoffee'])
  const { result } = await client.ww.ensureAgentConfigReady()
  expect(result).toMatchObject({ checkResult: { getContext: true, makeCoffee: false } })
})

it('asks for a new signature on another path, not on another hash', async () => {
  client.register()
  await client.ww.getContext()
  history.replaceState(null, '', '/sidebar/?x=1#there')
  await client.ww.getContext()
  history.pushState(null, '', '/sidebar/other')
  await client.ww.getContext()
  expect(client.calls).toEqual(['agentConfig', 'getContext', 'getContext', 'agentConfig', 'getContext'])
})

it('refuses a wrong signature with 40093, and says why in the log', async () => {
  process.once('unhandledRejection', vi.fn())
  client.register(ALL, 'another ticket')
  const refused = { errMsg: 'agentConfig:fail', errCode: 40093, detail: 'invalid signature' }
  await expect(client.ww.getContext()).rejects.toMatchObject(refused)
  expect(client.calls).not.toContain('getContext')
})

it.each([
  ['without agentConfig', undefined],
  ['outside of the jsApiList', ['getContext']],
])('refuses a call %s', async (_case, list) => {
  if (list) client.register(list)
  expect(await endOf(client.ww.getCurExternalContact())).toMatchObject({
    errMsg: 'getCurExternalContact:fail no permission',
    errCode: -1,
  })
})

it('forgets what was allowed when another page is opened', async () => {
  client.register()
  await client.ww.getContext()
  client.bridge.reset()
  await expect(client.ww.getContext()).rejects.toMatchObject({ errMsg: 'getContext:fail no permission' })
})

it('takes the company’s signature where a page brings that one', async () => {
  const { ww } = client
  const sign = (url: string) => ww.getSignature({ ticket: 'jsapi-ticket-of-the-app', url })
  ww.register({ corpId: 'ww1', jsApiList: ['previewImage'], getConfigSignature: sign })
  await expect(ww.ensureCorpConfigReady()).resolves.toBeDefined()
  expect(client.calls).toContain('preVerifyJSAPI')
})

it('answers a function it does not know as an old client does', async () => {
  client.register()
  expect(await endOf(client.ww.invoke('makeCoffee'))).toMatchObject({ errMsg: 'makeCoffee:function not exist' })
})

it('what the platform refuses becomes a failure with its words', async () => {
  client.refusal = 'they are not friends any more'
  client.register()
  await client.ww.ensureAgentConfigReady()
  expect(await endOf(client.ww.sendChatMessage({ msgtype: 'text', text: { content: '在吗' } }))).toMatchObject({
    errMsg: 'sendChatMessage:fail they are not friends any more',
  })
})
