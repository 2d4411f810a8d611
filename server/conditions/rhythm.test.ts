import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { movableClock } from '../../test/support/clock.ts'
import { customerEngine } from '../../test/support/customers.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { customerCollection } from '../profile/customers.model.ts'
import { createProfileRead } from '../profile/read.ts'
import { keepPurchases } from '../profile/upgrade/purchases.ts'
import { toFilter } from './filter.ts'
import { meets } from './meets.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const mongo = useMongo()
const customers = () => customerCollection(mongo.get().connection)

/** Who is late, as it was asked before there was an index for it: of everybody who bought often. */
const before = (factor: number, at: Date) => ({
  purchases: { $gte: 3 },
  lastOrderAt: { $type: 'date' as const },
  medianGapDays: { $type: 'number' as const },
  $expr: { $lte: [{ $multiply: ['$medianGapDays', factor * day] }, { $subtract: [at, '$lastOrderAt'] }] },
})
const idsOf = async (filter: object): Promise<string[]> =>
  (
    await customers()
      .find(filter, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray()
  ).map(({ _id }) => _id)

const fields = async () =>
  (await customers().find({}).sort({ _id: 1 }).toArray()).map(({ purchases, lateFrom }) => ({ purchases, lateFrom }))

describe('who is late by their own rhythm', () => {
  const people = 60

  beforeAll(async () => {
    const engine = customerEngine(mongo.get(), movableClock(now))
    await mongo.indexes()
    const ids = await engine.profile.ensureCustomers(
      Array.from({ length: people }, (_each, i) => [{ kind: 'user_id' as const, value: `p${i}` }]),
    )
    // Each buys a few times at a gap of their own, some days apart from it, and then rests for a while; some twice on the last day.
    const facts = ids.flatMap((customerId, i) =>
      Array.from({ length: 1 + (i % 6) + (i % 3 === 1 ? 1 : 0) }, (_order, n) => {
        const gaps = n === 1 + (i % 6) ? 1 / 24 : n * (2 + (i % 9) * 1.5)
        const at = new Date(now.getTime() - (1 + (i * 7) % 90 + gaps) * day)
        const payload = { orderId: `${customerId}:${n}`, amount: 100, currency: 'CNY', products: [] }
        return { id: `o:${customerId}:${n}`, customerId, at, source: 'ingest' as const, type: 'order.completed' as const, payload }
      }),
    ) // prettier-ignore
    await engine.tell(...facts)
  }, 60_000)

  const factor = fc.oneof(fc.constantFrom(0.5, 1, 1.5, 2, 3, 5, 10), fc.double({ min: 0.5, max: 10, noNaN: true }))
  const moment = fc.integer({ min: 0, max: 40 * 24 }).map((hours) => new Date(now.getTime() + hours * 3_600_000))

  it('is the same as before for any factor at any moment', async () => {
    const sizes = new Set<number>()
    await fc.assert(
      fc.asyncProperty(factor, moment, async (gaps, at) => {
        const found = await idsOf(toFilter({ type: 'rhythm', factor: gaps }, at))
        expect(found).toEqual(await idsOf(before(gaps, at)))
        sizes.add(found.length)
      }),
      { numRuns: 60 },
    )
    expect(sizes.size).toBeGreaterThan(5)
  }, 60_000)

  it('needs three purchases: orders of one day are one, in memory as in the database', async () => {
    const views = await createProfileRead(mongo.get()).scan({}, null, 100)
    const sameDay = views.filter(
      ({ orders, purchases, medianGapDays }) => orders >= 3 && purchases < 3 && medianGapDays,
    )
    expect(sameDay.length).toBeGreaterThan(3)
    const found = await idsOf(toFilter({ type: 'rhythm', factor: 0.5 }, now))
    const met = views.filter((view) => meets({ type: 'rhythm', factor: 0.5 }, view, now)).map(({ id }) => id)
    expect(met).toEqual(found)
    expect(found.length).toBeGreaterThan(5)
    for (const { id } of sameDay) expect(found).not.toContain(id)
  })

  it('is found by the index of kept moments, which says nothing of who is not late yet', async () => {
    const filter = toFilter({ type: 'rhythm', factor: 2 }, now)
    // As a walk of a schedule asks for its next customers.
    const asked = { $and: [filter, { _id: { $gt: 'a' } }] }
    const plan = JSON.stringify(await customers().find(asked).sort({ _id: 1 }).limit(500).explain('queryPlanner'))
    expect(plan).toContain('lateFrom.gaps')
    const { $expr: _own, ...byIndex } = filter
    // A moment that is kept needs no second look.
    expect(await idsOf(byIndex)).toEqual(await idsOf(filter))
    expect((await idsOf(filter)).length).toBeLessThan((await idsOf({ purchases: { $gte: 3 } })).length)
  })

  it('is kept for customers of before too, once', async () => {
    const was = await idsOf(toFilter({ type: 'rhythm', factor: 1 }, now))
    const kept = await fields()
    await customers().updateMany({}, { $set: { lateFrom: [{ gaps: 1, at: new Date(0) }] }, $unset: { purchases: 1 } })
    expect(await idsOf(toFilter({ type: 'rhythm', factor: 1 }, now))).not.toEqual(was)
    const step = keepPurchases(mongo.get())
    expect(await step.next(null)).toEqual({ last: null, count: people })
    expect(await fields()).toEqual(kept)
    expect(await idsOf(toFilter({ type: 'rhythm', factor: 1 }, now))).toEqual(was)
    expect(await step.next(null)).toEqual({ last: null, count: 0 })
  })
})
