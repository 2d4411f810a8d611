import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { attributesApi } from '../../../server/api/attributes.ts'
import { tagRulesApi } from '../../../server/api/tag-rules.ts'
import { createAttributes } from '../../../server/attributes/attributes.ts'
import { createAudit } from '../../../server/audit/audit.ts'
import { createTagsRead } from '../../../server/tags/read.ts'
import { createTagRules } from '../../../server/tags/rules.ts'
import { tagsModel } from '../../../server/tags/tags.model.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { apiKey, serveApi } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const clock = movableClock()
let server: Awaited<ReturnType<typeof serveApi>>
let engine: ReturnType<typeof customerEngine>
let mine = ''

const Body = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
  items: z.array(z.looseObject({})).optional(),
})
const call = async (who: 'lina' | 'lead' | 'key', method: string, path: string, body?: unknown, lang = 'zh') => {
  const by = who === 'key' ? { authorization: `Bearer ${apiKey}` } : { cookie: `zhiyin_session=${who}` }
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...by, 'content-type': 'application/json', 'accept-language': lang, origin: server.url },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: Body.parse(await answer.json()) }
}

beforeAll(async () => {
  const db = mongo.get()
  engine = customerEngine(db, clock, {}, async () => ({
    attributes: await attributes.definitions(),
    tagRules: await tagRules.definitions(),
  }))
  const audit = createAudit({ mongo: db, clock, newId: engine.newId })
  const recompute = engine.profile.recompute.want
  const attributes = createAttributes({
    mongo: db,
    clock,
    zone: 'Asia/Shanghai',
    enqueue: async () => undefined,
    recompute,
    backfill: engine.profile.backfill,
    count: engine.profile.countQuality,
    usersOf: async () => [],
  })
  const tagsRead = createTagsRead({ mongo: db })
  const tagRules = createTagRules({
    mongo: db,
    clock,
    newId: engine.newId,
    tagsRead,
    definitions: engine.definitions.fresh,
    recompute,
    count: engine.read.count,
    scan: engine.read.scan,
    terms: tagsRead.terms,
  })
  await mongo.indexes()
  await tagsModel(db.connection).create([{ _id: 'tag_1', name: '常客', group: '身份', deleted: false }])
  const look = { masked: <T extends object>(value: T): T => value }
  const bounds = [
    ...attributesApi({
      attributes,
      read: engine.read,
      progress: engine.profile.recompute.progress,
      definitions: engine.definitions,
      look,
      clock,
      audit,
    }),
    ...tagRulesApi({ tagRules, audit }),
  ]
  server = await serveApi(bounds, clock, {
    lina: { kind: 'member', userid: 'lina', name: '李娜', role: 'rep', scope: ['lina'] },
    lead: { kind: 'member', userid: 'lead', name: '主管', role: 'manager', scope: ['lead', 'lina'] },
  })
  const base = { at: clock.date(), source: 'ingest' as const }
  const tell = async (name: string, userid: string): Promise<string> => {
    const customerId = await engine.profile.ensureCustomer([{ kind: 'user_id', value: name }])
    await engine.tell(
      { ...base, id: `a:${name}`, customerId, type: 'contact.added', payload: { userid } },
      {
        ...base,
        id: `i:${name}`,
        customerId,
        type: 'profile.identified',
        payload: { traits: { city: '杭州' }, source: 'ingest' },
      },
      {
        ...base,
        id: `w:${name}`,
        customerId,
        type: 'profile.identified',
        payload: { traits: { city: '上海' }, source: 'wecom' },
      },
    )
    return customerId
  }
  mine = await tell('mine', 'lina')
  await tell('theirs', 'wang')
})
afterAll(() => server.close())

describe('the API of attributes and tag rules', () => {
  it('lets a rep read the definitions and a manager change them; bad input says what to do in both languages', async () => {
    const list = await call('lina', 'GET', '/api/attributes')
    expect(list.body.items?.find((one) => one['key'] === 'phone')).toMatchObject({
      builtIn: true,
      askable: false,
      editable: true,
      sensitivity: 'personal',
    })
    const wanted = { key: 'skin', name: '肤质', layer: 'basic', type: 'choice', choices: ['干', '油'] }
    expect((await call('lina', 'POST', '/api/attributes', wanted)).status).toBe(403)
    expect((await call('lead', 'POST', '/api/attributes', { ...wanted, key: 'skin.type' })).body.error?.code).toBe(
      'request.invalid',
    )
    const reserved = { ...wanted, key: 'unionid' }
    expect((await call('lead', 'POST', '/api/attributes', reserved)).body.error?.message).toContain('请换一个')
    expect((await call('lead', 'POST', '/api/attributes', reserved, 'en')).body.error?.message).toContain(
      'choose another',
    )
    expect((await call('lead', 'POST', '/api/attributes', wanted)).body).toMatchObject({
      version: 1,
      updatedBy: '主管',
    })
    const change = { ...wanted, name: '皮肤', version: 1 }
    expect((await call('key', 'PUT', '/api/attributes/skin', change)).body).toMatchObject({ name: '皮肤', version: 2 })
    expect((await call('key', 'PUT', '/api/attributes/skin', change)).status).toBe(409)
    expect((await call('lead', 'DELETE', '/api/attributes/skin')).status).toBe(200)
    expect((await call('lead', 'DELETE', '/api/attributes/skin')).status).toBe(404)
  })

  it('shows a manager the quality, and of the customers behind a figure only their own', async () => {
    expect((await call('lina', 'GET', '/api/attributes/quality')).status).toBe(403)
    expect((await call('lead', 'GET', '/api/attributes/quality')).body).toMatchObject({ at: null, customers: 0 })
    expect((await call('lead', 'POST', '/api/attributes/quality')).status).toBe(200)
    expect((await call('lead', 'GET', '/api/attributes/quality')).body).toMatchObject({ running: { done: 0 } })
    const found = await call('lead', 'GET', '/api/attributes/city/customers')
    expect(found.body.items).toMatchObject([
      { customerId: mine, value: { value: '上海市', others: [{ value: '杭州市' }] } },
    ])
    expect((await call('key', 'GET', '/api/attributes/city/customers?issue=conflicts')).body.items).toHaveLength(2)
    expect((await call('key', 'GET', '/api/attributes/city/customers?issue=rejects')).body.items).toEqual([])
  })

  it('takes keys of any script, and of orders only what is known of every one', async () => {
    const wanted = { key: '护肤-偏好', name: '护肤偏好', layer: 'interests', type: 'list' }
    for (const key of ['$set', '__proto__', 'a.b', 'a b', 'x'.repeat(65)])
      expect((await call('lead', 'POST', '/api/attributes', { ...wanted, key })).body.error?.code).toBe(
        'request.invalid',
      )
    expect((await call('lead', 'POST', '/api/attributes', wanted)).body).toMatchObject({ key: '护肤-偏好' })
    const path = `/api/attributes/${encodeURIComponent('护肤-偏好')}`
    expect((await call('lead', 'PUT', path, { ...wanted, version: 1 })).body).toMatchObject({ version: 2 })
    expect((await call('lead', 'GET', '/api/attributes')).body).toMatchObject({ working: { done: 0, of: 2 } })
    expect((await call('lead', 'DELETE', path)).status).toBe(200)
    const computation = { type: 'sum', of: { event: 'order.completed' }, property: 'discount', windowDays: null }
    const asked = { ...wanted, type: 'number', computation }
    expect((await call('lead', 'POST', '/api/attributes', asked)).body.error?.message).toContain('amount、category')
    expect((await call('lead', 'POST', '/api/attributes', asked, 'en')).body.error?.message).toContain('choose one of')
  })

  it('tries and writes tag rules for managers alone', async () => {
    const rule = {
      name: '上海客户',
      tagId: 'tag_1',
      condition: { type: 'attribute', key: 'city', test: { op: 'is', values: ['上海'] } },
    }
    expect((await call('lina', 'POST', '/api/tag-rules/dry-run', rule)).status).toBe(403)
    expect((await call('key', 'POST', '/api/tag-rules/dry-run', rule)).body).toMatchObject({
      ...{ gets: 2, loses: 0, limited: false },
      rows: [{}, {}],
    })
    expect((await call('lead', 'POST', '/api/tag-rules/dry-run', rule)).body).toMatchObject({
      ...{ gets: 1, limited: true },
      rows: [{ customerId: mine, change: 'gets' }],
    })
    const made = await call('lead', 'POST', '/api/tag-rules', rule)
    expect(made.body).toMatchObject({ tag: '常客', group: '身份', on: false, version: 1 })
    const path = `/api/tag-rules/${String(made.body['id'])}`
    expect((await call('lead', 'POST', `${path}/on`, { on: true })).body).toMatchObject({ on: true })
    expect((await call('lead', 'GET', path)).body).toMatchObject({ versions: [{ version: 1, by: '主管' }] })
    expect((await call('lead', 'POST', '/api/tag-rules', { ...rule, tagId: 'tag_none' })).body.error?.code).toBe(
      'tag_rule.no_tag',
    )
    expect((await call('lead', 'DELETE', path)).status).toBe(200)
    const audit = await mongo.get().connection.collection('audit').find({}).toArray()
    expect(audit.map(({ act }) => String(act))).toEqual(
      expect.arrayContaining([
        'attribute.create',
        'attribute.update',
        'attribute.remove',
        'tag_rule.on',
        'tag_rule.remove',
      ]),
    )
  })
})
