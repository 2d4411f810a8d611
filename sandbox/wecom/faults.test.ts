import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from './testing/harness.ts'

let sandbox: Sandbox
let token: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  token = await sandbox.token()
})
afterEach(() => sandbox.close())

const fault = (kind: string, more: object = {}) => sandbox.act('faults', { path: '/cgi-bin/message', kind, ...more })
const send = (text = 'x') =>
  sandbox.post('message/send', { touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: text } }, token)
const received = async () => (await sandbox.ledger('to=lina')).length

test('an errcode for the next calls, then all is well again; other paths are left alone', async () => {
  await fault('errcode', { errcode: 45009, times: 2 })
  expect(await sandbox.get('getcallbackip', {}, token)).toMatchObject({ errcode: 0 })
  expect(await send()).toMatchObject({ errcode: 45009, errmsg: expect.stringContaining('api freq out of limit') })
  expect(await send()).toMatchObject({ errcode: 45009 })
  expect(await send()).toMatchObject({ errcode: 0 })
  expect(await received()).toBe(1)
})

test('an untrusted IP is named in the message', async () => {
  await fault('errcode', { errcode: 60020 })
  expect((await send()).errmsg).toMatch(/from ip: (::ffff:)?127\.0\.0\.1/)
})

test('an HTTP error does nothing; slow does it late', async () => {
  await fault('http_5xx')
  await expect(send()).rejects.toThrow('502')
  await fault('slow', { ms: 150 })
  const started = Date.now()
  expect(await send()).toMatchObject({ errcode: 0 })
  expect(Date.now() - started).toBeGreaterThanOrEqual(145)
  expect(await received()).toBe(1)
})

test('cut before: nothing happened; cut after: it happened and nobody was told', async () => {
  await fault('cut_before')
  await expect(send()).rejects.toThrow(/fetch failed/)
  expect(await received()).toBe(0)
  await fault('cut_after')
  await expect(send()).rejects.toThrow(/fetch failed/)
  expect(await received()).toBe(1)
  const log = await sandbox.read(
    'requests?path=/cgi-bin/message',
    z.array(z.looseObject({ errcode: z.int().nullable() })),
  )
  expect(log).toMatchObject([
    { errcode: null, fault: 'cut_before' },
    { errcode: 0, fault: 'cut_after' },
  ])
})

test('a hanging call never answers, and does nothing', async () => {
  await fault('hang')
  const url = `${sandbox.url}/cgi-bin/message/send?access_token=${token}`
  await expect(fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(150) })).rejects.toThrow(
    /timeout|aborted/,
  )
  expect(await received()).toBe(0)
})

test('a fault for a time, until deleted, and cleared by hand', async () => {
  await fault('errcode', { errcode: -1, forMs: 200 })
  expect(await send()).toMatchObject({ errcode: -1 })
  expect(await send()).toMatchObject({ errcode: -1 })
  await expect.poll(async () => (await send()).errcode, { timeout: 2000 }).toBe(0)
  await fault('errcode', { errcode: 6000, times: 0 })
  for (let i = 0; i < 3; i++) expect(await send()).toMatchObject({ errcode: 6000 })
  expect(await sandbox.read('faults', z.array(z.unknown()))).toHaveLength(1)
  await sandbox.act('faults', {}, 'DELETE')
  expect(await send()).toMatchObject({ errcode: 0 })
})
