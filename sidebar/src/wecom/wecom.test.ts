import type { Client } from '@zhiyin/shared/api/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeBridge, pretendAgent, removeBridge } from '../testing/fakeBridge.ts'
import { fakeServer, Refusal } from '../testing/fakeServer.ts'
import { browserRejections } from '../testing/rejections.ts'
import { failureOf } from './failure.ts'
import type { Sdk } from './sdk.ts'
import { createWecom } from './wecom.ts'

let rejections = browserRejections()
rejections.stop()

const signature = { corpId: 'ww1', agentId: '1000002', timestamp: 1, nonceStr: 'n', signature: 's' }
const route = 'GET /api/jssdk/signature'
const setUp = () => fakeServer({ [route]: () => signature })

let copies = 0

/** The SDK reads its surroundings once, when it is loaded: a fresh copy of it per test. */
const freshSdk = async (): Promise<Sdk> => {
  copies += 1
  const fresh: Sdk = await import(/* @vite-ignore */ `${import.meta.resolve('@wecom/jssdk')}?${copies}`)
  return fresh
}
const load = async (call: Client['call'], timeout?: number) =>
  createWecom({ sdk: await freshSdk(), call, ...(timeout === undefined ? {} : { timeout }) })

const faultOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (reason: unknown) => failureOf(reason).fault,
  )

beforeEach(() => {
  rejections = browserRejections()
  location.href = 'http://localhost:3000/sidebar/?x=1#part'
})
/** The SDK's own stray rejections come a moment later; each must have been quietened. */
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  rejections.stop()
  expect(rejections.seen.filter(({ prevented }) => !prevented)).toEqual([])
  removeBridge()
  vi.restoreAllMocks()
})

describe('createWecom, inside the client', () => {
  it('configures once with our signature for the page without its hash, then names the customer', async () => {
    const bridge = fakeBridge()
    bridge.install()
    const server = setUp()
    const wecom = await load(server.call)
    expect(wecom.inside).toBe(true)
    expect(await wecom.place()).toEqual({ kind: 'single', externalUserId: 'wm1', talks: true })
    expect(await wecom.place()).toEqual({ kind: 'single', externalUserId: 'wm1', talks: true })
    expect(bridge.names().slice(0, 3)).toEqual(['agentConfig', 'getContext', 'getCurExternalContact'])
    expect(bridge.names().filter((name) => name === 'agentConfig')).toHaveLength(1)
    expect(bridge.log[0]?.params).toMatchObject({ corpid: 'ww1', agentid: '1000002', signature: 's', nonceStr: 'n' })
    expect(server.asked.map(({ query }) => query.get('url'))).toEqual(['http://localhost:3000/sidebar/?x=1'])
  })

  it('waits for a bridge that comes late', async () => {
    const bridge = fakeBridge()
    const place = (await load(setUp().call)).place()
    setTimeout(() => bridge.install(true), 20)
    expect(await place).toMatchObject({ kind: 'single' })
  })

  it.each([
    ['group_chat_tools', { kind: 'group', chatId: 'wr1' }],
    ['contact_profile', { kind: 'single', externalUserId: 'wm1', talks: false }],
    ['normal', { kind: 'elsewhere', entry: 'normal' }],
  ])('tells the place %s', async (entry, expected) => {
    fakeBridge({ getContext: () => ({ err_msg: 'getContext:ok', entry }) }).install()
    expect(await (await load(setUp().call)).place()).toEqual(expected)
  })

  it('says that it is not permitted when agentConfig fails, and recovers with a fresh signature', async () => {
    let fails = true
    const bridge = fakeBridge({ agentConfig: () => ({ err_msg: fails ? 'agentConfig:fail' : 'agentConfig:ok' }) })
    bridge.install()
    const server = setUp()
    const wecom = await load(server.call)
    expect(await faultOf(wecom.place())).toBe('permission')
    await vi.waitFor(() => expect(rejections.seen).toHaveLength(1), 10_000)
    fails = false
    expect(await wecom.place()).toMatchObject({ kind: 'single' })
    expect(server.count(route)).toBeGreaterThan(1)
    expect(server.asked.filter(({ query }) => query.get('refused') === '1').length).toBe(1)
  })

  it('says so when the page cannot be signed, and tries again', async () => {
    fakeBridge().install()
    const server = fakeServer({
      [route]: () => {
        throw new Refusal(503, 'wecom.unreachable')
      },
    })
    const wecom = await load(server.call)
    expect(await faultOf(wecom.place())).toBe('signature')
    server.on(route, () => signature)
    expect(await wecom.place()).toMatchObject({ kind: 'single' })
  })

  it('hands a text to the chat', async () => {
    const bridge = fakeBridge()
    bridge.install()
    await (await load(setUp().call)).sendText('你好')
    const sent = bridge.log.find(({ name }) => name === 'sendChatMessage')
    expect(sent?.params).toMatchObject({ msgtype: 'text', text: { content: '你好' } })
  })

  it.each([
    ['sendChatMessage:cancel', 'cancel'],
    ['sendChatMessage:fail no permission', 'permission'],
    ['sendChatMessage:fail without context of external contact', 'context'],
    ['sendChatMessage:function not exist', 'old_client'],
    ['sendChatMessage:fail', 'other'],
  ])('tells %s as %s', async (message, fault) => {
    fakeBridge({ sendChatMessage: () => ({ err_msg: message }) }).install()
    expect(await faultOf((await load(setUp().call)).sendText('你好'))).toBe(fault)
  })

  it('gives up on a silent client', async () => {
    fakeBridge({ getContext: () => 'silent' }).install()
    expect(await faultOf((await load(setUp().call, 30)).place())).toBe('timeout')
  })
})

describe('createWecom, in a plain browser', () => {
  it('never asks the SDK, which would hang', async () => {
    pretendAgent('Mozilla/5.0 Chrome/120')
    const server = setUp()
    const wecom = await load(server.call)
    expect(wecom.inside).toBe(false)
    expect(await faultOf(wecom.place())).toBe('context')
    expect(server.asked).toEqual([])
  })
})
