import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { z } from 'zod'
import { admin } from '../admin/api.ts'
import { createAdminClient, type AdminCall } from '../admin/client.ts'
import type { CallbackMode } from '../admin/endpoints/callbacks.ts'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { startReceiver, type Receiver } from '../testing/receiver.ts'
import { KEYS } from '../testing/harness.ts'

let sandbox: Sandbox
let call: AdminCall
let receiver: Receiver
beforeEach(async () => {
  sandbox = await startSandbox()
  call = createAdminClient(sandbox.url)
  receiver = await sandbox.receiver()
})
let data: string | undefined
afterEach(async () => {
  await sandbox.close()
  if (data !== undefined) rmSync(data, { recursive: true, force: true })
  data = undefined
})

const mode = (body: z.input<typeof CallbackMode>) => call(admin.callbacks.setMode, { body })
const send = (Seq: number, event = 'change_external_contact.edit_external_contact') =>
  call(admin.callbacks.emit, { body: { event, fields: { Seq } } })
const idle = () => expect.poll(async () => (await call(admin.callbacks.idle)).pendingCallbacks).toBe(0)
const arrived = () => receiver.received.map((one) => Number(/<Seq>(\d+)/.exec(one.xml ?? '')?.[1]))
const sendMany = async (count: number): Promise<number[]> => {
  receiver.received.length = 0
  for (let seq = 1; seq <= count; seq++) await send(seq)
  await idle()
  return arrived()
}

test('late by the stand-in’s clock: nothing until it gets there, then everything; it still says when it happened', async () => {
  await mode({ lateMs: 3_600_000 })
  await send(1)
  await idle()
  expect((await call(admin.callbacks.list)).at(-1)).toMatchObject({ state: 'waiting', attempts: [] })
  await sandbox.advance(3_500_000)
  await idle()
  expect(arrived()).toEqual([])
  await sandbox.advance(200_000)
  const [one] = await receiver.until(1)
  const said = Number(/<CreateTime>(\d+)/.exec(one?.xml ?? '')?.[1])
  expect(one?.timestamp).toBeGreaterThan(said + 3_600)
})

test('out of order: gathered by the window, shuffled the same way for the same seed', async () => {
  await mode({ shuffle: 6, seed: 7 })
  const first = await sendMany(12)
  await mode({ shuffle: 6, seed: 7 })
  const second = await sendMany(12)
  await mode({ shuffle: 6, seed: 8 })
  const third = await sendMany(12)
  expect(second).toEqual(first)
  expect(third).not.toEqual(first)
  expect(first).not.toEqual(first.toSorted((a, b) => a - b))
  expect(first.slice(0, 6).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6])
  receiver.received.length = 0
  await send(1)
  expect(await call(admin.callbacks.release, { body: {} })).toHaveLength(1)
  expect(arrived()).toEqual([1])
})

test('lost: the next N, by name, by chance; the same ones for the same seed', async () => {
  await mode({ dropNext: 2 })
  expect(await sendMany(4)).toEqual([3, 4])
  expect((await call(admin.callbacks.mode)).dropNext).toBe(0)
  await mode({ dropEvents: ['change_external_contact'] })
  receiver.received.length = 0
  await send(1)
  await send(2, 'change_external_tag.create')
  await idle()
  expect(arrived()).toEqual([2])
  await mode({ dropPercent: 40, seed: 3 })
  const first = await sendMany(20)
  await mode({ dropPercent: 40, seed: 3 })
  expect(await sendMany(20)).toEqual(first)
  expect(first.length).toBeGreaterThan(5)
  expect(first.length).toBeLessThan(19)
})

test('bent copies come besides the true one; all of it combined; {} is normal again', async () => {
  await mode({ bend: ['garbled', 'forged', 'wrong_receiver', 'replayed'] })
  await sendMany(1)
  const honest = receiver.received.filter(
    (one) =>
      one.signed && one.receiveid === 'wwtest0000000001' && one.timestamp > Date.now() / 1000 - 600 && one.xml !== null,
  )
  expect([receiver.received.length, honest.length]).toEqual([5, 1])
  await mode({ repeat: 2, shuffle: 4, dropNext: 1, bend: ['forged'], lateMs: 1000 })
  receiver.received.length = 0
  await send(1)
  await send(2)
  await send(3)
  await sandbox.advance(2000)
  await idle()
  // Three forged at once; of six true ones the first is lost, four fill the window, one waits in the next.
  expect(receiver.received.filter((one) => !one.signed)).toHaveLength(3)
  expect(receiver.received.filter((one) => one.signed)).toHaveLength(4)
  expect(await call(admin.callbacks.release, { body: {} })).toHaveLength(1)
  const normal = await mode({})
  expect(normal).toMatchObject({ repeat: 1, shuffle: 0, lateMs: 0, dropPercent: 0, bend: [] })
  expect(await call(admin.callbacks.mode)).toEqual(normal)
  expect(await sendMany(2)).toEqual([1, 2])
})

test('a reset of the company is a reset of the switches and the faults', async () => {
  await mode({ dropPercent: 100, hold: true })
  await call(admin.faults.add, { body: { kind: 'ip_refused' } })
  await call(admin.company.reset)
  expect(await call(admin.callbacks.mode)).toMatchObject({ dropPercent: 0, hold: false })
  expect(await call(admin.faults.list)).toEqual([])
  expect(await sendMany(1)).toEqual([1])
})

test('what was not delivered when the process ended is delivered by the next: retries, held, late', async () => {
  data = mkdtempSync(join(tmpdir(), 'wecom-callbacks-'))
  await sandbox.close()
  sandbox = await startSandbox({ data, retryMs: [60_000, 60_000] })
  call = createAdminClient(sandbox.url)
  const own = await startReceiver(KEYS)
  await call(admin.company.saveApp, {
    body: { callbackUrl: own.url, sidebarUrl: 'http://127.0.0.1:9/', trustedDomain: '127.0.0.1' },
  })
  own.next.push({ status: 500 })
  await send(1)
  await own.until(1)
  await mode({ hold: true })
  await send(2)
  await mode({ lateMs: 3_600_000 })
  await send(3)
  await expect.poll(async () => (await call(admin.callbacks.list)).at(0)?.attempts.length).toBe(1)
  await sandbox.close()

  own.received.length = 0
  sandbox = await startSandbox({ data })
  call = createAdminClient(sandbox.url)
  receiver = own
  await own.until(1)
  expect(arrived()).toEqual([1])
  expect((await call(admin.callbacks.list)).map((one) => [one.state, one.attempts.length])).toEqual([
    ['delivered', 2],
    ['held', 0],
    ['waiting', 0],
  ])
  await call(admin.callbacks.release, { body: {} })
  await sandbox.advance(3_700_000)
  await own.until(3)
  expect(arrived()).toEqual([1, 2, 3])
  await own.close()
})
