import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { until } from '../support/company.ts'
import { openTraces } from '../support/traces.ts'
import { hours, startWorld, thisMorning, type World } from '../support/world.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })
const Welcome = z.object({ welcome_code: z.string().nullable() })
/** Ids that stand nowhere by chance, so that one is found in sealed texts and in sealed bytes alike. */
const [oldId, newId] = ['key-of-last-year', 'key-of-this-year']
const keyOf = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`
const [oldKey, newKey] = [keyOf(oldId), keyOf(newId)]
const phones = ['13812345678', '13900001111', '13700002222']
const diagnosis = '特应性皮炎二期'

/** A company changes the key of its personal data: the new one first, everything sealed anew, then the new one alone. */
describe('a change of keys', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-keys-'))
  const own = process.env['MONGODB_URL']
  const mongoUrl = own?.replace(/\/[^/?]*(\?|$)/, `/keys_${process.pid}_${Date.now()}$1`)
  let world: World
  let stop = async (): Promise<void> => undefined
  let [customerId, other, importId, uploaded, copy, erasure] = ['', '', '', '', '', '']

  /** Stops what runs, also where a test before has failed, and starts again on the same data. */
  const startWith = async (keys: string): Promise<void> => {
    await stop()
    world = await startWorld({
      dataDir,
      split: false,
      env: { PII_KEYS: keys },
      ...(mongoUrl === undefined ? {} : { mongoUrl }),
    })
    stop = world.close
  }
  afterAll(async () => {
    await stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const holding = async (word: string): Promise<string[]> => {
    const traces = await openTraces(world.stack)
    const found = await traces.where([word])
    await traces.close()
    return found
      .filter((where) => !where.startsWith('keyrotation: '))
      .map((where) => where.replace(`: ${word}`, ''))
      .sort()
  }
  const send = async (path: string, body: object): Promise<void> => {
    const key = Buffer.from(`${world.stack.secrets.INGEST_WRITE_KEY}:`).toString('base64')
    const response = await fetch(`${world.stack.serverUrl}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${key}` },
      body: JSON.stringify(body),
    })
    expect(response.status, path).toBe(200)
  }
  const authorization = () => ({ authorization: `Bearer ${world.stack.secrets.ADMIN_API_KEY}` })
  const fetched = async (path: string): Promise<string> => {
    const response = await fetch(`${world.stack.serverUrl}${path}`, { headers: authorization() })
    expect(response.status, path).toBe(200)
    return response.text()
  }
  const upload = async (csv: string): Promise<string> => {
    const size = Buffer.byteLength(csv)
    const { id } = await world.call(api.imports.create, { body: { kind: 'customers', name: '客户.csv', size } })
    const response = await fetch(`${world.stack.serverUrl}/api/imports/${id}/file?at=0`, {
      method: 'PUT',
      headers: { ...authorization(), 'content-type': 'application/octet-stream' },
      body: csv,
    })
    expect(response.status).toBe(200)
    return id
  }
  /** Everything there is to read that was sealed: in clear where somebody may ask for it, masked by what it says elsewhere. */
  const read = async () => {
    const params = { id: customerId }
    const reveal = async (kind: 'phone' | 'email' | 'address' | 'id_number' | 'text') =>
      (await world.call(api.privacy.reveal, { params, body: { kind, reason: '换密钥后核对' } })).values.toSorted()
    const { layers, follows } = await world.call(api.customers.get, { params })
    const timeline = await world.call(api.customers.timeline, { params, query: {} })
    return {
      revealed: [await reveal('phone'), await reveal('email'), await reveal('address'), await reveal('text')],
      found: (await world.call(api.customers.list, { query: { q: '138-1234-5678' } })).items.map(({ id }) => id),
      byMail: (await world.call(api.customers.list, { query: { q: 'lin@example.com' } })).items.map(({ id }) => id),
      basic: layers.find(({ layer }) => layer === 'basic')?.values.map(({ key, value }) => [key, value]),
      mobiles: follows.map(({ mobiles }) => mobiles),
      notes: timeline.items.filter(({ type }) => type === 'note.written'),
      tasks: (await world.call(api.tasks.list, { query: {} })).items.map(({ title }) => title),
      rejected: (await world.call(api.imports.rejected, { params: { id: importId }, query: {} })).items,
      uploaded: (await world.call(api.imports.get, { params: { id: uploaded } })).sample,
      refused: (await world.call(api.dataIn.rejects, { query: {} })).items.map(({ raw }) => raw),
      copy: await fetched(`/api/privacy/exports/${copy}/json`),
    }
  }
  let before: Awaited<ReturnType<typeof read>>

  it('begins with much that is sealed with the old one, some of it under way', async () => {
    await startWith(oldKey)
    await world.act('clock/set', { now: thisMorning }, z.object({ now: z.int() }))
    await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
    await world.call(api.members.sync)
    await world.call(api.attributes.create, {
      body: { key: 'diagnosis', name: '诊断', layer: 'basic', type: 'text', sensitivity: 'sensitive' },
    })
    const external = (await world.act('customers', { name: '欧阳晓雯' }, Made)).external_userid
    await world.act('add', { userid: 'lina', external_userid: external }, Welcome)
    await world.drain()
    customerId = (await world.call(api.customers.byExternal, { params: { id: external } })).id
    const address = { street: '长安街一号院 3 栋', city: '北京' }
    const traits = { external_userid: external, phone: phones[0], email: 'lin@example.com', address, diagnosis }
    await send('identify', { userId: 'shop-1', messageId: 'i-1', traits })
    await send('identify', { userId: 'shop-2', messageId: 'i-2', traits: { phone: '13655556666', name: '要走的人' } })
    await send('batch', { batch: [{ type: 'track', userId: 'shop-1', properties: { tel: phones[0] } }] })
    await world.drain()
    const params = { id: customerId }
    await world.call(api.customers.editContact, { params, body: { userid: 'lina', mobiles: [phones[1] ?? ''] } })
    await world.call(api.customers.writeNote, { params, body: { key: 'note-0001', text: `备用 ${phones[1]}` } })
    await world.call(api.tasks.create, { body: { key: 'call-back', customerId, title: `打 ${phones[1]}` } })
    const csv = `手机,生日\n${phones[2]},不是日期\n`
    importId = await upload(csv)
    uploaded = await upload(csv)
    const { mapping } = await world.call(api.imports.get, { params: { id: importId } })
    if (mapping === null) throw new Error('no mapping is proposed')
    await world.call(api.imports.start, { params: { id: importId }, body: { mapping } })
    copy = (await world.call(api.privacy.askExport, { params, body: { reason: '客户来电查阅' } })).id
    await until('the copy is made', async () => {
      const { items } = await world.call(api.privacy.requests, { query: { customerId } })
      return items.find(({ id }) => id === copy)?.state === 'done'
    })

    // In quiet hours a message waits, and an erasure waits its minute.
    await world.advance(hours(12))
    const text = `新品，详情电 ${phones[1]}`
    const { id: contentId } = await world.call(api.contents.create, { body: { name: '新品', body: { text } } })
    const audience = { kind: 'customers' as const }
    await world.call(api.broadcasts.create, { body: { key: 'story-of-keys', name: '新品', contentId, audience } })
    await world.advance(3_000)
    await world.call(api.contents.update, { params: { id: contentId }, body: { name: '新品', body: { text: '占位' } } })
    const byPhone = await world.call(api.customers.list, { query: { q: '13655556666' } })
    other = byPhone.items[0]?.id ?? ''
    const gone = { reason: '客户要求删除', confirm: 'erase' as const }
    erasure = (await world.call(api.privacy.erase, { params: { id: other }, body: gone })).id
    await until('the erasure is checking', async () => {
      const { items } = await world.call(api.privacy.requests, { query: {} })
      return items.find(({ id }) => id === erasure)?.state === 'checking'
    })
    before = await read()
    expect(before.revealed[0]).toEqual([phones[0], phones[1]].toSorted())
    expect(before.found).toEqual([customerId])
    expect(await holding(oldId)).toEqual([
      'customers', 'dataexportpieces', 'erasures', 'facts', 'importpieces', 'importrejects', 'ingestRecent', 'intents', 'rejects', 'tasks',
    ]) // prettier-ignore
  })

  it('goes through everything by itself once the new one stands first', async () => {
    await startWith(`${newKey},${oldKey}`)
    await until('everything is sealed anew', async () => (await world.call(api.privacy.keys)).oldMayGo)
    expect(await world.call(api.privacy.keys)).toMatchObject({ newest: newId, ids: [newId, oldId] })
    expect(await holding(oldId)).toEqual([])
  })

  it('with the new one alone everything can be read, is found, and goes on', async () => {
    await startWith(newKey)
    expect(await read()).toEqual(before)
    const state = async () =>
      (await world.call(api.privacy.requests, { query: {} })).items.find(({ id }) => id === erasure)?.state
    await world.advance(61_000)
    await until('the erasure has ended', async () => (await state()) === 'done')
    await world.advance(hours(13))
    const [asked] = await world.tasks('lina')
    expect(asked?.text).toContain(phones[1])
    expect(await world.call(api.privacy.keys)).toMatchObject({ ids: [newId], oldMayGo: true })
  })
})
