import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { admin } from './admin/api.ts'
import { createAdminClient, type AdminCall } from './admin/client.ts'
import { startSandbox, type Sandbox } from './testing/harness.ts'

let sandbox: Sandbox
let token: string
let call: AdminCall
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  token = await sandbox.token()
  call = createAdminClient(sandbox.url)
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

const ips = (of = token) => sandbox.get('getcallbackip', {}, of)
const list = () => call(admin.faults.list)

test('which calls: a prefix, one path, all, those of one secret', async () => {
  const contact = await sandbox.token('contact')
  await fault('errcode', { path: '/cgi-bin/get', exact: true, errcode: 6000, times: 0 })
  expect(await ips()).toMatchObject({ errcode: 0 })
  await fault('errcode', { path: '/cgi-bin/getcallbackip', exact: true, errcode: 6000, times: 0 })
  expect(await ips()).toMatchObject({ errcode: 6000 })
  await call(admin.faults.clear)
  await fault('errcode', { path: '', secret: 'contact', errcode: 45033, times: 0 })
  expect(await ips(contact)).toMatchObject({ errcode: 45033 })
  expect(await ips()).toMatchObject({ errcode: 0 })
  await expect(sandbox.token('contact')).rejects.toThrow()
  expect(await sandbox.token('agent')).toBe(token)
})

test('each is listed with what is left of it, can be removed alone, and stands in the log of the calls it hit', async () => {
  const three = await call(admin.faults.add, {
    body: { path: '/cgi-bin/message', kind: 'errcode', errcode: -1, times: 3 },
  })
  const timed = await call(admin.faults.add, { body: { kind: 'slow', ms: 1, forMs: 60_000 } })
  await send()
  expect(await list()).toMatchObject([
    { id: three.id, left: 2, hits: 1, remainingMs: null },
    { id: timed.id, left: null, hits: 0, remainingMs: expect.any(Number) },
  ])
  await ips()
  expect(await call(admin.watch.requests, { query: {} })).toMatchObject([
    {},
    { path: '/cgi-bin/message/send', errcode: -1, fault: 'errcode', faultId: three.id },
    { path: '/cgi-bin/getcallbackip', errcode: 0, fault: 'slow', faultId: timed.id },
  ])
  await call(admin.faults.remove, { params: { id: three.id } })
  expect((await list()).map((one) => one.id)).toEqual([timed.id])
  expect(await send()).toMatchObject({ errcode: 0 })
})

test('a token revoked early: 40014 once, a new one works', async () => {
  await fault('token_revoked')
  expect(await send()).toMatchObject({ errcode: 40014 })
  expect(await send()).toMatchObject({ errcode: 40014 })
  token = await sandbox.token()
  expect(await send()).toMatchObject({ errcode: 0 })
  const contact = await sandbox.token('contact')
  await fault('token_revoked', { path: '', secret: 'contact' })
  expect(await ips(contact)).toMatchObject({ errcode: 40014 })
  expect(await send()).toMatchObject({ errcode: 0 })
})

test('a rate limit: some calls pass, then 45009 until the window of the stand-in’s clock is over', async () => {
  await fault('rate_limit', { after: 2 })
  expect([await send('1'), await send('2'), await send('3'), await send('4')]).toMatchObject(
    [0, 0, 45009, 45009].map((errcode) => ({ errcode })),
  )
  expect(await ips()).toMatchObject({ errcode: 0 })
  await sandbox.advance(59_000)
  expect(await send('5')).toMatchObject({ errcode: 45009 })
  await sandbox.advance(2_000)
  expect(await send('6')).toMatchObject({ errcode: 0 })
  expect(await list()).toEqual([])
  expect(await received()).toBe(3)
})

test('a quota that is used up stays so until the day in China ends, in the words of each API', async () => {
  await sandbox.act('clock/set', { now: Date.parse('2030-06-01T10:00:00+08:00') })
  token = await sandbox.token()
  await fault('quota_used', { path: '' })
  expect(await send()).toMatchObject({ errcode: 45009 })
  const way = () => sandbox.post('externalcontact/add_contact_way', { type: 1, scene: 2, user: ['lina'] }, token)
  expect(await way()).toMatchObject({ errcode: 41045 })
  const tag = { group_name: '等级', tag: [{ name: 'A' }] }
  expect(await sandbox.post('externalcontact/add_corp_tag', tag, token)).toMatchObject({ errcode: 40126 })
  await sandbox.act('clock/set', { now: Date.parse('2030-06-01T23:59:50+08:00') })
  expect(await call(admin.faults.list)).toHaveLength(1)
  await sandbox.act('clock/set', { now: Date.parse('2030-06-02T00:00:01+08:00') })
  token = await sandbox.token()
  expect(await way()).toMatchObject({ errcode: 0 })
})

test('an IP that is not trusted and an app that may not: until removed', async () => {
  const refused = await call(admin.faults.add, { body: { kind: 'ip_refused' } })
  for (let i = 0; i < 3; i++) expect(await send()).toMatchObject({ errcode: 60020 })
  await call(admin.faults.remove, { params: { id: refused.id } })
  await fault('app_not_allowed', { path: '/cgi-bin/externalcontact' })
  for (let i = 0; i < 2; i++)
    expect(await sandbox.get('externalcontact/get_follow_user_list', {}, token)).toMatchObject({ errcode: 48002 })
  expect(await send()).toMatchObject({ errcode: 0 })
})

test('two faults one after the other; a 5xx of one’s choice', async () => {
  await fault('http_5xx', { status: 503 })
  await fault('cut_after')
  await expect(send('1')).rejects.toThrow('503')
  await expect(send('2')).rejects.toThrow(/fetch failed/)
  expect(await send('3')).toMatchObject({ errcode: 0 })
  expect((await sandbox.ledger('to=lina')).map((one) => one.text)).toEqual(['2', '3'])
})

test('a fault that makes no sense is refused with what is wrong', async () => {
  await expect(fault('explode')).rejects.toThrow(/400.*kind/s)
  await expect(fault('http_5xx', { status: 404 })).rejects.toThrow(/400.*status/s)
})
