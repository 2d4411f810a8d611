import * as fc from 'fast-check'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { identity } from '../../../server/profile/read.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { lifeOf, worldDefinitions } from '../../support/random-lives.ts'

const minute = 60_000
const day = 86_400_000
const mongo = useMongo()

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let serial = 0

const make = (): void => {
  clock = movableClock()
  engine = customerEngine(mongo.get(), clock, {}, async () => worldDefinitions)
}
beforeAll(async () => {
  make()
  await mongo.indexes()
})
beforeEach(make)

const person = (): Promise<string> => {
  const who = identity('user_id', `ahead-${++serial}`)
  return engine.profile.ensureCustomer(who === null ? [] : [who])
}
const base = (customerId: string, aheadMs: number) => ({
  id: `ahead-${++serial}`,
  customerId,
  at: new Date(clock.now() + aheadMs),
  source: 'ingest' as const,
})
const ordered = (customerId: string, aheadMs: number): NewFact => ({
  ...base(customerId, aheadMs),
  type: 'order.completed',
  payload: { orderId: `order-${serial}`, amount: 60_000, currency: 'CNY', products: [] },
})
const view = async (id: string) => {
  const found = await engine.read.view(id)
  if (found === null) throw new Error(`no customer ${id}`)
  return found
}

it('an order for tomorrow counts tomorrow: not before, and not only when something else happens', async () => {
  const id = await person()
  await engine.tell(ordered(id, day))
  expect(await view(id)).toMatchObject({ orders: 0, lastSeenAt: null, stage: { stage: 'potential' } })
  expect((await engine.timeline.timeline(id, { limit: 5 })).items).toHaveLength(1)
  expect(await engine.backlogs[0]?.count(clock.date())).toMatchObject({ pending: 0 })
  clock.advance(day - minute)
  await engine.sweep()
  expect((await view(id)).orders).toBe(0)
  expect(engine.matched).toEqual([])
  clock.advance(minute)
  await engine.sweep()
  expect(await view(id)).toMatchObject({
    orders: 1,
    tier: { tier: 'B' },
    levels: [{ level: 'b' }, { level: 'high' }, {}],
  })
  expect(engine.matched.map(({ type }) => type)).toContain('order.completed')
  clock.advance(5 * minute)
  await engine.sweep()
  expect((await view(id)).orders).toBe(1)
})

it('a clock a few minutes ahead puts off a tag and a visit by so much', async () => {
  const id = await person()
  const tagged: NewFact = {
    ...base(id, 3 * minute),
    type: 'tag.added',
    payload: { tagId: 't1', tag: '常客', because: [] },
  }
  const visit: NewFact = {
    ...base(id, 4 * minute),
    type: 'behavior.tracked',
    payload: { name: 'Page Viewed', properties: {} },
  }
  await engine.tell(tagged, visit)
  expect(await view(id)).toMatchObject({ tagIds: [], events: [] })
  clock.advance(3 * minute)
  await engine.sweep()
  expect(await view(id)).toMatchObject({ tagIds: ['t1'], events: [] })
  clock.advance(minute)
  await engine.sweep()
  expect((await view(id)).events.map(({ n }) => n)).toContain('behavior.tracked:Page Viewed')
})

it('what WeCom tells of, and who withdraws, is not asked to wait', async () => {
  const id = await person()
  await engine.tell(
    { ...base(id, minute), source: 'wecom', type: 'contact.added', payload: { userid: 'lina' } },
    {
      ...base(id, minute),
      type: 'consent.changed',
      payload: { purpose: 'marketing', state: 'withdrawn', source: 'ingest' },
    },
  )
  expect(await view(id)).toMatchObject({ consent: 'withdrawn' })
  expect((await engine.read.whole(id))?.heldBy).toEqual(['lina'])
})

it('a withdrawal dated ahead is one of now: who agrees before that day has agreed', async () => {
  const id = await person()
  const consent = (aheadMs: number, state: 'granted' | 'withdrawn'): NewFact => ({
    ...base(id, aheadMs),
    type: 'consent.changed',
    payload: { purpose: 'marketing', state, source: 'customer' },
  })
  await engine.tell(consent(day, 'withdrawn'))
  expect(await view(id)).toMatchObject({ consent: 'withdrawn' })
  clock.advance(minute)
  await engine.tell(consent(0, 'granted'))
  expect(await view(id)).toMatchObject({ consent: 'granted' })
  await engine.profile.refold(id)
  clock.advance(2 * day)
  await engine.sweep()
  expect(await view(id)).toMatchObject({ consent: 'granted' })
})

it('waits for its moment when its customer is worked out anew', async () => {
  const id = await person()
  await engine.tell(ordered(id, -day), ordered(id, day))
  await engine.profile.refold(id)
  expect((await view(id)).orders).toBe(1)
  clock.advance(day)
  await engine.sweep()
  expect((await view(id)).orders).toBe(2)
})

it('waits for its moment when its customer becomes one with another', async () => {
  const [shop, card] = [identity('user_id', `ahead-shop${++serial}`), identity('crm_id', `ahead-card${serial}`)]
  if (shop === null || card === null) throw new Error('both are identities')
  const [one, two] = [await engine.profile.ensureCustomer([shop]), await engine.profile.ensureCustomer([card])]
  await engine.tell(ordered(one, -day), ordered(one, day), ordered(two, -day), ordered(two, day))
  const whole = await engine.profile.ensureCustomer([shop, card])
  await engine.drain()
  clock.advance(60_000)
  await engine.sweep()
  expect((await view(whole)).orders).toBe(2)
  clock.advance(day)
  await engine.sweep()
  expect((await view(whole)).orders).toBe(4)
})

it('ends, at every moment, where the facts that had come by then would have ended', async () => {
  const now = new Date('2026-06-01T00:00:00Z')
  const steps = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(lifeOf('c', now), steps, async (life, hours) => {
      make()
      const id = await person()
      const start = clock.now()
      // Their times, from some days before the start to some after it.
      const facts = life.map((fact, i): NewFact => ({
        ...fact,
        id: `ahead-${serial}-${i}`,
        customerId: id,
        source: 'ingest',
        at: new Date(start + ((fact.at.getTime() - now.getTime()) % (3 * day)) + day),
      }))
      await engine.tell(...facts)
      for (const hour of hours) {
        clock.advance(hour * 3_600_000)
        await engine.sweep()
        const other = await person()
        const come = facts.filter(({ at }) => at.getTime() <= clock.now())
        await engine.tell(...come.map((fact) => ({ ...fact, id: `${fact.id}:${other}`, customerId: other })))
        const bare = async (who: string) => {
          const { orders, tagIds, lastSeenAt, events, stage, levels, segments, groupIds } = await view(who)
          return {
            ...{ orders, tagIds, lastSeenAt, groupIds, stage: stage.stage },
            events: events.map(({ n, at }) => [n, at]),
            levels: levels.map(({ scheme, level }) => [scheme, level]),
            segments: segments.map((segment) => segment.id),
          }
        }
        expect(await bare(id)).toEqual(await bare(other))
      }
    }),
    { numRuns: 6 },
  )
})
