import { assert, constantFrom, integer, option, property, record, array } from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { admin } from '../admin/api.ts'
import { createAdminClient, type AdminCall } from '../admin/client.ts'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { createLedgerIndex } from './ledger-index.ts'
import type { Entry } from './ledger.ts'

let sandbox: Sandbox
let call: AdminCall
beforeEach(async () => {
  sandbox = await startSandbox()
  call = createAdminClient(sandbox.url)
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const send = (touser: string, content: string) =>
  sandbox.post('message/send', { touser, agentid: 1000002, msgtype: 'text', text: { content } })
const count = async (query: object) => (await call(admin.watch.countLedger, { query })).count

test('exactly once, by who, from whom, how, what, when, and by which request', async () => {
  const { msgid } = await send('lina|wang', '晨会')
  const { id } = await sandbox.friends('lina')
  await sandbox.act('say', { from: 'customer', userid: 'lina', external_userid: id, text: '有货吗？' })
  await sandbox.advance(60_000)
  const later = (await sandbox.state()).now
  await send('lina', '晚会')

  expect(await count({ to: 'lina', text: '晨会' })).toBe(1)
  expect(await count({ to: 'lina' })).toBe(3)
  expect(await count({ to: 'lina', via: 'app' })).toBe(2)
  expect(await count({ from: id })).toBe(1)
  expect(await count({ request: String(msgid) })).toBe(2)
  expect(await count({ request: String(msgid), to: 'wang' })).toBe(1)
  expect(await count({ since: String(later) })).toBe(1)
  expect(await count({ until: later })).toBe(3)
  expect(await count({ msgtype: 'image' })).toBe(0)
  await expect(call(admin.watch.countLedger, { query: { until: 'soon' } })).rejects.toThrow(/400/)

  const [entry] = await call(admin.watch.ledger, { query: { to: 'wang' } })
  const [request] = await call(admin.watch.requests, { query: { path: '/cgi-bin/message/send' } })
  expect(entry).toMatchObject({ requestId: request?.id, request: msgid })
  expect(await count({ request: request?.id ?? '' })).toBe(2)
  expect((await call(admin.watch.ledger, { query: { from: id } }))[0]?.requestId).toBeUndefined()
})

test('page by page, nothing twice, nothing left out', async () => {
  for (let i = 0; i < 7; i++) await send('lina', `第${i}条`)
  const seen: string[] = []
  let since = ''
  for (;;) {
    const page = await call(admin.watch.ledger, { query: { to: 'lina', limit: 3, since } })
    seen.push(...page.map((one) => one.text))
    if (page.length < 3) break
    since = page.at(-1)?.id ?? ''
  }
  expect(seen).toEqual(Array.from({ length: 7 }, (_, i) => `第${i}条`))
})

/** The index against a plain look at every entry; the clock goes back now and then. */
test('whatever is asked, the index finds what a full look finds', () => {
  const who = constantFrom('a', 'b', 'c')
  const via = constantFrom('app' as const, 'chat' as const, 'mass' as const)
  const entries = array(record({ to: who, from: who, via, request: who, step: integer({ min: -3, max: 9 }) }), {
    maxLength: 40,
  })
  const maybe = { nil: undefined }
  const query = record({
    to: option(who, maybe),
    from: option(who, maybe),
    via: option(via, maybe),
    request: option(who, maybe),
    since: option(integer({ min: 0, max: 200 }), maybe),
    after: option(integer({ min: 0, max: 40 }), maybe),
    until: option(integer({ min: 0, max: 200 }), maybe),
  })
  const idOf = (n: number): string => `L${String(n).padStart(8, '0')}`
  assert(
    property(entries, query, (rows, { since, after, ...asked }) => {
      const index = createLedgerIndex()
      let at = 100
      const all = rows.map(({ step, ...row }, n): Entry => {
        at += step
        const entry = { id: idOf(n), at, ...row, to: { kind: 'member' as const, id: row.to } }
        return { ...entry, msgtype: 'text', text: '', content: null }
      })
      for (const entry of all) index.add(entry)
      const from = after === undefined ? (since === undefined ? undefined : String(since)) : idOf(after)
      const found: string[] = []
      index.walk({ ...asked, since: from }, ({ id }) => found.push(id) > 0)
      const expected = all.filter(
        (one) =>
          (asked.to === undefined || one.to.id === asked.to) &&
          (asked.from === undefined || one.from === asked.from) &&
          (asked.via === undefined || one.via === asked.via) &&
          (asked.request === undefined || one.request === asked.request) &&
          (asked.until === undefined || one.at < asked.until) &&
          (after === undefined || one.id > idOf(after)) &&
          (after !== undefined || since === undefined || one.at >= since),
      )
      expect(found).toEqual(expected.map(({ id }) => id))
    }),
    { numRuns: 500 },
  )
})
