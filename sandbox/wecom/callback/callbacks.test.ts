import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { CallbackDelivery } from '../admin/endpoints/callbacks.ts'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import type { Receiver } from '../testing/receiver.ts'

let sandbox: Sandbox
let receiver: Receiver
beforeEach(async () => {
  sandbox = await startSandbox()
  receiver = await sandbox.receiver()
})
afterEach(() => sandbox.close())

const event = {
  Event: 'change_external_contact',
  ChangeType: 'edit_external_contact',
  UserID: 'lina',
  ExternalUserID: 'wmAAA01',
}
const send = (how = 'once', fields: object = event) => sandbox.act('callbacks', { fields, how })
const deliveries = () => sandbox.read('callbacks', z.array(CallbackDelivery))
const settled = async () => {
  await expect
    .poll(async () => (await deliveries()).every((one) => one.state !== 'pending'), { timeout: 5000 })
    .toBe(true)
  return deliveries()
}
const order = () => receiver.received.map((one) => /<Seq>(\d+)/.exec(one.xml ?? '')?.[1])

test('an event arrives signed, encrypted for our corp, with the common fields first', async () => {
  await send()
  const [callback] = await receiver.until(1)
  expect(callback).toMatchObject({ signed: true, receiveid: 'wwtest0000000001' })
  expect(callback?.xml).toMatch(
    /^<xml><ToUserName><!\[CDATA\[wwtest0000000001\]\]><\/ToUserName><FromUserName><!\[CDATA\[sys\]\]><\/FromUserName><CreateTime>\d{10}<\/CreateTime><MsgType><!\[CDATA\[event\]\]><\/MsgType><Event>/,
  )
  expect((await settled())[0]).toMatchObject({
    state: 'delivered',
    event: 'change_external_contact.edit_external_contact',
  })
})

test('three attempts in all: errors and silence count as failures, the content repeats', async () => {
  await sandbox.close()
  sandbox = await startSandbox({ callbackTimeoutMs: 500 })
  receiver = await sandbox.receiver()
  receiver.next.push({ status: 500 }, { silentMs: 1000 })
  await send()
  await receiver.until(3)
  const [delivery] = await settled()
  expect(delivery?.attempts.map((one) => one.status)).toEqual([500, null, 200])
  expect(delivery?.state).toBe('delivered')
  expect(new Set(receiver.received.map((one) => one.xml)).size).toBe(1)
})

test('after the third failure it is lost', async () => {
  receiver.next.push({ status: 500 }, { status: 302 }, { status: 404 }, { status: 200 })
  await send()
  const [delivery] = await settled()
  expect(delivery).toMatchObject({ state: 'given_up' })
  expect(delivery?.attempts).toHaveLength(3)
})

test('held events are released in reverse, each as often as the mode repeats', async () => {
  await sandbox.act('callbacks/mode', { hold: true, repeat: 2 }, 'PUT')
  for (const Seq of [1, 2, 3]) await send('once', { ...event, Seq })
  expect(receiver.received).toHaveLength(0)
  await sandbox.act('callbacks/release', { order: 'reverse' })
  expect(order()).toEqual(['3', '3', '2', '2', '1', '1'])
})

test('released in a shuffled order, nothing is missing', async () => {
  await sandbox.act('callbacks/mode', { hold: true }, 'PUT')
  for (let Seq = 1; Seq <= 8; Seq++) await send('once', { ...event, Seq })
  await sandbox.act('callbacks/release', { order: 'shuffle' })
  expect(new Set(order())).toEqual(new Set(['1', '2', '3', '4', '5', '6', '7', '8']))
  expect(order()).toHaveLength(8)
})

test('dropped events are never sent, delayed ones later', async () => {
  await sandbox.act('callbacks/mode', { dropPercent: 100 }, 'PUT')
  await send()
  expect((await deliveries())[0]).toMatchObject({ state: 'dropped', attempts: [] })
  await sandbox.act('callbacks/mode', { delayMs: 120 }, 'PUT')
  const started = Date.now()
  await send()
  await receiver.until(1)
  expect(Date.now() - started).toBeGreaterThanOrEqual(115)
})

test('bent deliveries: each wrong in its own way, and sent once', async () => {
  const bent = async (how: string) => {
    receiver.received.length = 0
    receiver.next.push({ status: 403 })
    await send(how)
    await settled()
    expect(receiver.received).toHaveLength(1)
    return receiver.received[0]
  }
  expect(await bent('forged')).toMatchObject({ signed: false, receiveid: 'wwtest0000000001' })
  expect(await bent('wrong_receiver')).toMatchObject({ signed: true, receiveid: 'ww9999999999999999' })
  expect((await bent('garbled'))?.receiveid).not.toBe('wwtest0000000001')
  expect((await bent('replayed'))?.timestamp).toBeLessThan(Date.now() / 1000 - 80_000)
  expect((await bent('bomb'))?.xml).toMatch(/<!DOCTYPE xml \[<!ENTITY/)
  expect((await bent('huge'))?.bytes).toBeGreaterThan(5 * 1024 * 1024)
})

test('twice is two deliveries of the same text; late carries an old time', async () => {
  await send('twice')
  await receiver.until(2)
  expect(receiver.received[0]?.xml).toBe(receiver.received[1]?.xml)
  await send('late')
  const late = (await receiver.until(3))[2]
  expect(Number(/<CreateTime>(\d+)/.exec(late?.xml ?? '')?.[1])).toBeLessThan(Date.now() / 1000 - 500)
})

test('two events in one second are two deliveries; idle tells when all are done', async () => {
  await Promise.all([send('once', { ...event, UserID: 'a' }), send('once', { ...event, UserID: 'b' })])
  await receiver.until(2)
  await settled()
  expect(await sandbox.read('idle', z.object({ pendingCallbacks: z.int() }))).toEqual({ pendingCallbacks: 0 })
})

test('a list becomes items, text the older comma form', async () => {
  await send('once', { ...event, MemChangeList: { Item: ['wmA', 'wmB'] } })
  await send('once', { ...event, MemChangeList: 'wmA,wmB' })
  const xml = (await receiver.until(2)).map((one) => one.xml).join('')
  expect(xml).toContain('<MemChangeList><Item><![CDATA[wmA]]></Item><Item><![CDATA[wmB]]></Item></MemChangeList>')
  expect(xml).toContain('<MemChangeList><![CDATA[wmA,wmB]]></MemChangeList>')
})

test('saving a URL that does not verify is refused and changes nothing', async () => {
  const wrong = { callbackUrl: `${sandbox.url}/avatar/x.svg`, sidebarUrl: 'http://a/', trustedDomain: 'a' }
  await expect(sandbox.act('app', wrong, 'PUT')).rejects.toThrow(/did not pass verification/)
  expect((await sandbox.state()).app.callbackUrl).toBe(receiver.url)
})
