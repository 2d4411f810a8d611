import { beforeAll, describe, expect, it } from 'vitest'
import { createAudit } from '../../../server/audit/audit.ts'
import { createAuditKeeping } from '../../../server/audit/personal.ts'
import { createAuditRead } from '../../../server/audit/read.ts'
import { createPurgeBehaviours } from '../../../server/events/purge.ts'
import { inboxCollection } from '../../../server/inbox/inbox.model.ts'
import { createPurgeInbox } from '../../../server/inbox/purge.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import { createPrivacySettings } from '../../../server/privacy/settings.ts'
import { createRetain, untilNothing } from '../../../server/privacy/retain.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const day = 86_400_000
const mongo = useMongo()
const clock = movableClock()
let engine: ReturnType<typeof customerEngine>
const member = (userid: string, role: 'rep' | 'manager'): SignedIn => ({
  kind: 'member',
  userid,
  name: userid,
  role,
  scope: [userid],
})

const rooms = () => {
  const settings = createPrivacySettings({ mongo: mongo.get(), clock, onGrants: async () => undefined })
  const purge = createPurgeBehaviours(mongo.get())
  const keeping = createAuditKeeping(mongo.get())
  const retain = createRetain({
    mongo: mongo.get(),
    clock,
    settings,
    purges: {
      inbox: untilNothing(createPurgeInbox(mongo.get())),
      behaviours: async (before, after, limit) => {
        const ids = await engine.read.idsAfter(after, Math.min(limit, 1))
        return { deleted: await purge(ids, before), after: ids.at(-1) ?? null }
      },
      imports: async () => ({ deleted: 0, after: null }),
      exports: async () => ({ deleted: 0, after: null }),
      audit: untilNothing(keeping.purge),
    },
  })
  return { settings, retain }
}

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  inboxCollection(mongo.get().connection)
  await mongo.indexes()
})

describe('retention', () => {
  it('deletes once a day what is too old, kind by kind, says how much, and changes no profile', async () => {
    const { settings, retain } = rooms()
    const ids = await engine.profile.ensureCustomers([
      [{ kind: 'user_id', value: 'a' }],
      [{ kind: 'user_id', value: 'b' }],
    ])
    const visit = (customerId: string, key: string) => ({
      id: key,
      customerId,
      type: 'behavior.tracked' as const,
      at: clock.date(),
      source: 'ingest' as const,
      payload: { name: 'Page Viewed', properties: {} },
    })
    for (const id of ids) await engine.tell(visit(id, `old:${id}`))
    // The rules have seen them, so nobody waits for them.
    const inbox = inboxCollection(mongo.get().connection)
    const callback = (state: 'settled' | 'pending') => ({
      _id: engine.newId('inbox'),
      key: engine.newId('inbox'),
      event: 'x',
      fields: {},
      createTime: null,
      receivedAt: clock.date(),
      state,
      copies: 1,
      replays: 0,
      handlers: [],
      nudgeAt: clock.date(),
    })
    await inbox.insertMany([callback('settled'), callback('pending')])
    clock.advance(731 * day)
    await inbox.insertOne(callback('settled'))
    const [first = ''] = ids
    await engine.tell(visit(first, 'new'))
    const before = await engine.read.whole(first)

    expect((await retain.due(clock.date())).toSorted()).toEqual(['audit', 'behaviours', 'exports', 'imports', 'inbox'])
    expect(await retain.due(clock.date())).toEqual([])
    for (const kind of ['inbox', 'behaviours'] as const) while (await retain.work(kind));
    expect(await inbox.countDocuments({})).toBe(2)
    expect((await engine.timeline.list(first, { types: ['behavior.tracked'] })).map(({ id }) => id)).toEqual(['new'])
    expect((await engine.read.whole(first))?.state).toEqual(before?.state)
    const states = await retain.states()
    expect(states.find(({ kind }) => kind === 'inbox')).toMatchObject({ days: 90, total: 1, rounds: [{ deleted: 1 }] })
    expect(states.find(({ kind }) => kind === 'behaviours')).toMatchObject({ days: 730, total: 2 })
    clock.advance(day)
    expect(await retain.due(clock.date())).toContain('inbox')

    await settings.update({ retention: { ...(await settings.fresh()).retention, inbox: 7 } })
    expect((await retain.states()).find(({ kind }) => kind === 'inbox')?.days).toBe(7)
  })
})

describe('audit', () => {
  it('lists by who, what and when, a manager’s own team only, page by page; an open page is one look an hour', async () => {
    const audit = createAudit({ mongo: mongo.get(), clock, newId: engine.newId })
    const read = createAuditRead(mongo.get())
    const [rep, boss] = [member('rep', 'rep'), member('boss', 'manager')]
    for (let i = 0; i < 3; i += 1) {
      clock.advance(1_000)
      await audit.record({ actor: boss, act: 'tag.made', subject: `tag:${i}`, detail: {} })
    }
    for (let i = 0; i < 4; i += 1) await audit.saw({ actor: rep, subject: 'customer:c', fields: ['phone'] })
    const again = createAudit({ mongo: mongo.get(), clock, newId: engine.newId })
    await again.saw({ actor: rep, subject: 'customer:c', fields: ['phone'] })
    const list = async (query: Partial<Parameters<typeof read.list>[0]>) =>
      read.list({ limit: 50, scope: null, ...query })
    expect((await list({ act: 'customer.seen' })).items).toHaveLength(1)
    clock.advance(3_600_000)
    await audit.saw({ actor: rep, subject: 'customer:c', fields: ['phone'] })
    expect((await list({ act: 'customer.seen' })).items).toHaveLength(2)
    expect((await list({ scope: ['rep'] })).items.every(({ by }) => by === 'rep')).toBe(true)
    expect((await list({ scope: ['rep'], by: 'boss' })).items).toEqual([])
    const page = await list({ by: 'boss', limit: 2 })
    expect(page.items.map(({ subject }) => subject)).toEqual(['tag:2', 'tag:1'])
    const rest = await list({ by: 'boss', limit: 2, after: page.next ?? '' })
    expect([rest.items.map(({ subject }) => subject), rest.next]).toEqual([['tag:0'], null])
  })
})
