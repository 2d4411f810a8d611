import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { identities as endpoints } from '@zhiyin/shared/api/identities'
import type { NewFact } from '@zhiyin/shared/fact'
import { identitiesApi } from '../../../server/api/identities.ts'
import { createSees } from '../../../server/api/seen.ts'
import { createAudit } from '../../../server/audit/audit.ts'
import { ownedIn } from '../../../server/platform/owned.ts'
import { createIdentitiesRead } from '../../../server/profile/identities/read.ts'
import type { IdentityKind } from '../../../server/profile/read.ts'
import { createLeave } from '../../../server/rules/leave.ts'
import { createRunsOwned } from '../../../server/rules/owned.ts'
import { runCollection, runModel, type RunDoc } from '../../../server/rules/runs.model.ts'
import { createTasksOwned } from '../../../server/tasks/owned.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { apiKey, serveApi } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const clock = movableClock()
let engine: ReturnType<typeof customerEngine>
let server: Awaited<ReturnType<typeof serveApi>>

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  const audit = createAudit({ mongo: mongo.get(), clock, newId: engine.newId })
  const bounds = identitiesApi({
    identities: engine.profile.identities,
    identitiesRead: createIdentitiesRead(mongo.get()),
    read: engine.read,
    sees: createSees(engine.read),
    look: { masked: (value) => value },
    definitions: engine.definitions,
    clock,
    names: async (ids) => new Map(ids.map((id) => [id, id === 'lead' ? '主管' : id])),
    tagNames: async () => new Map(),
    audit,
  })
  await mongo.indexes()
  server = await serveApi(bounds, clock, {
    lina: { kind: 'member', userid: 'lina', name: '李娜', role: 'rep', scope: ['lina'] },
    lead: { kind: 'member', userid: 'lead', name: '主管', role: 'manager', scope: ['lead', 'lina'] },
    other: { kind: 'member', userid: 'other', name: '别的主管', role: 'manager', scope: ['other'] },
  })
})
afterAll(() => server.close())

const who = (...keys: [IdentityKind, string][]) =>
  engine.profile.ensureCustomer(keys.map(([kind, value]) => ({ kind, value })))
const held = (customerId: string): NewFact => ({
  id: `added:${customerId}`,
  customerId,
  type: 'contact.added',
  at: clock.date(),
  source: 'wecom',
  payload: { userid: 'lina' },
})
type Who = 'lina' | 'lead' | 'other' | 'key'
const call = async (as: Who, method: string, path: string, body?: unknown) => {
  const signed = as === 'key' ? { authorization: `Bearer ${apiKey}` } : { cookie: `zhiyin_session=${as}` }
  const response = await fetch(`${server.url}/api/${path}`, {
    method,
    headers: { ...signed, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}
const reviews = async (as: Who, state = 'open') =>
  endpoints.reviews.output.parse((await call(as, 'GET', `identities/reviews?state=${state}`)).answer).items
const count = async (as: Who) => endpoints.count.output.parse((await call(as, 'GET', 'identities/count')).answer).open
const codeOf = ({ answer }: { answer: unknown }) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(answer).error.code

describe('identities API', () => {
  it('asks the managers of their customers, masks what is personal, and does what they say', async () => {
    const phone: [IdentityKind, string] = ['phone', '+8613812345678']
    const first = await who(['user_id', 'a1'], phone)
    const second = await who(['external_userid', 'wmB'], ['user_id', 'b1'], phone)
    await engine.tell(held(second))
    // Whom nobody holds is for those who see the whole company.
    expect([await reviews('lead'), await count('lead'), await count('key')]).toEqual([[], 0, 1])
    await engine.tell(held(first))
    const [review] = await reviews('lead')
    expect(review).toMatchObject({ shared: [{ kind: 'phone', value: '138****5678' }], keep: second, decided: null })
    expect(review?.people.map(({ id }) => id)).toEqual([first, second].sort())
    expect([await count('lead'), await count('other'), await reviews('other')]).toEqual([1, 0, []])

    const path = `identities/reviews/${encodeURIComponent(review?.id ?? '')}`
    expect((await call('lina', 'POST', path, { decision: 'different' })).status).toBe(403)
    expect((await call('other', 'POST', path, { decision: 'different' })).status).toBe(403)
    const wrong = await call('lead', 'POST', path, { decision: 'same', keep: first })
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'merge.keep_wecom'])
    await call('lead', 'POST', path, { decision: 'different', note: '电话里问过' })
    expect([await count('lead'), (await reviews('lead', 'different'))[0]?.decided]).toMatchObject([
      0,
      { by: '主管', note: '电话里问过' },
    ])
    await call('lead', 'POST', path, { decision: 'same', keep: second })
    expect(await reviews('lead', 'different')).toEqual([])
    const known = endpoints.ofCustomer.output.parse((await call('lina', 'GET', `customers/${first}/identities`)).answer)
    expect(known.identities.map(({ kind, through }) => [kind, through])).toEqual([
      ['external_userid', null],
      ['user_id', expect.any(String)],
      ['user_id', null],
      ['phone', expect.any(String)],
    ])
    expect(known.merges).toMatchObject([
      { into: { id: second }, from: { id: first }, by: '主管', state: 'joined', because: [{ params: { by: '主管' } }] },
    ])

    const [merge] = known.merges
    const parted = await call('lead', 'POST', `identities/merges/${merge?.id ?? ''}/split`, { note: '' })
    expect(endpoints.split.output.parse(parted.answer)).toMatchObject({ state: 'parted', parted: { by: '主管' } })
    const again = await call('lead', 'POST', `identities/merges/${merge?.id ?? ''}/split`, { note: '' })
    expect(codeOf(again)).toBe('merge.state')
    expect(await who(phone)).toBe(first)
    const acts = await mongo
      .get()
      .connection.collection('audit')
      .find({ by: 'lead' })
      .sort({ _id: 1 })
      .map(({ act }) => String(act))
      .toArray()
    expect(acts).toEqual(['customer.different', 'customer.merge', 'customer.split'])
  })

  it('merges from a customer’s page, and lists it', async () => {
    const [keep, other] = [await who(['crm_id', 'c1']), await who(['crm_id', 'c2'])]
    await call('key', 'POST', `customers/${keep}/merge`, { other })
    const { items } = endpoints.merges.output.parse((await call('key', 'GET', 'identities/merges?limit=1')).answer)
    expect(items).toMatchObject([{ into: { id: keep }, from: { id: other }, identities: [] }])
    expect(codeOf(await call('key', 'POST', `customers/${keep}/merge`, { other }))).toBe('merge.same')
  })
})

describe('records of other rooms', () => {
  it('a run goes on with whoever stays; where both are in one rule the other’s ends', async () => {
    const runs = runCollection(mongo.get().connection)
    await runModel(mongo.get().connection).createIndexes()
    const run = (id: string, ruleId: string, customerId: string): RunDoc => ({
      _id: id,
      ruleId,
      rule: '回访',
      version: 1,
      customerId,
      entryKey: id,
      state: 'active',
      open: true,
      at: null,
      enteredAt: clock.date(),
      dueAt: null,
      leftAt: null,
      goalAt: null,
      claim: null,
      because: [],
      leftBecause: [],
      log: [],
      context: { userid: null, factId: null },
      untold: false,
    })
    await runs.insertMany([run('a', 'r1', 'p9'), run('b', 'r1', 'w9'), run('c', 'r2', 'p9')])
    const withdrawn: unknown[] = []
    const leave = createLeave({
      mongo: mongo.get(),
      clock,
      tell: async () => undefined,
      withdraw: async (which) => void withdrawn.push(which),
    })
    const owned = createRunsOwned({ mongo: mongo.get(), leave })
    for (let twice = 0; twice < 2; twice++) await owned.handOn({ from: 'p9', to: 'w9' })
    const all = () =>
      runs
        .find({ _id: { $in: ['a', 'b', 'c'] } })
        .sort({ _id: 1 })
        .toArray()
    expect(await all()).toMatchObject([
      { customerId: 'w9', of: 'p9', state: 'exited', leftBecause: [{ code: 'rule.one_customer' }] },
      { customerId: 'w9', state: 'active' },
      { customerId: 'w9', of: 'p9', state: 'active' },
    ])
    expect(withdrawn).toContainEqual({ runId: 'a' })
    for (let twice = 0; twice < 2; twice++) await owned.giveBack({ whole: 'w9', to: 'p9', parts: ['p9'] })
    expect((await all()).map(({ customerId, of }) => [customerId, of])).toEqual([
      ['p9', undefined],
      ['w9', undefined],
      ['p9', undefined],
    ])
  })

  it('go over and come back, also when it is done twice', async () => {
    const { connection } = mongo.get()
    const sends = connection.collection<{ _id: string; customerId: string; of?: string }>('intents')
    await sends.insertMany([
      { _id: 'i1', customerId: 'p1' },
      { _id: 'i2', customerId: 'w1' },
    ])
    const owned = ownedIn(mongo.get(), 'intents')
    for (let twice = 0; twice < 2; twice++) await owned.handOn({ from: 'p1', to: 'w1' })
    expect(await sends.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 'i1', customerId: 'w1', of: 'p1' },
      { _id: 'i2', customerId: 'w1' },
    ])
    for (let twice = 0; twice < 2; twice++) await owned.giveBack({ whole: 'w1', to: 'p1', parts: ['p1'] })
    expect(await sends.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 'i1', customerId: 'p1' },
      { _id: 'i2', customerId: 'w1' },
    ])

    const tasks = connection.collection<{ _id: string; customerIds: string[]; key: string }>('tasks')
    await tasks.insertMany([
      { _id: 't1', customerIds: ['p1'], key: 't1' },
      { _id: 't2', customerIds: ['p1', 'x'], key: 't2' },
    ])
    const ownedTasks = createTasksOwned(mongo.get())
    for (let twice = 0; twice < 2; twice++) await ownedTasks.handOn({ from: 'p1', to: 'w1' })
    expect((await tasks.find().sort({ _id: 1 }).toArray()).map(({ customerIds }) => customerIds)).toEqual([
      ['w1'],
      ['p1', 'x', 'w1'],
    ])
    await ownedTasks.giveBack({ whole: 'w1', to: 'p1', parts: ['p1'] })
    expect((await tasks.findOne({ _id: 't1' }))?.customerIds).toEqual(['p1'])
  })
})
