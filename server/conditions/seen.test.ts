import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AttributeTest } from '@zhiyin/shared/condition'
import { movableClock } from '../../test/support/clock.ts'
import { customerEngine } from '../../test/support/customers.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { worldDefinitions } from '../../test/support/random-lives.ts'
import { customerCollection } from '../profile/customers.model.ts'
import { createProfileRead } from '../profile/read.ts'
import { keepSeenOnce } from '../profile/upgrade/seen.ts'
import { toFilter, type CustomerFilter } from './filter.ts'
import { meets } from './meets.ts'
import { seenKey, withoutSeen, withSeen } from './seen.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const mongo = useMongo()
const customers = () => customerCollection(mongo.get().connection)
const silent = (minDays: number) => ({ type: 'silent' as const, minDays })

const idsOf = async (filter: CustomerFilter): Promise<string[]> =>
  (await createProfileRead(mongo.get()).scan(filter, null, 100)).map(({ id }) => id)

/** Everybody in the order of the list, read in pages of three. */
const listed = async (): Promise<string[]> => {
  const read = createProfileRead(mongo.get())
  const found: string[] = []
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const { docs, next } = await read.list({ limit: 3, ...(after === undefined ? {} : { after }) })
    found.push(...docs.map(({ _id }) => _id))
    after = next ?? undefined
  }
  return found
}

it('is an attribute as before, though it is not stored as one', () => {
  const date = fc.constantFrom(...[1, 2].map((n) => new Date(n * day)))
  const attr = fc.record({ k: fc.constantFrom('city', seenKey), v: fc.oneof(date, fc.constant('上海')) })
  fc.assert(
    fc.property(fc.uniqueArray(attr, { selector: ({ k }) => k }), fc.option(date), (attrs, at) => {
      const stored = withoutSeen(attrs, at)
      expect(new Map(withSeen(stored, at).map(({ k, v }) => [k, v]))).toEqual(new Map(attrs.map(({ k, v }) => [k, v])))
      const isTheSame = at !== null && attrs.some(({ k, v }) => k === seenKey && v instanceof Date && +v === +at)
      if (isTheSame) expect(stored.some(({ k }) => k === seenKey)).toBe(false)
    }),
  )
})

describe('when somebody was seen', () => {
  /** Seen five, ten and forty days ago, and in 1965; the others never, the last of them known for three days more. */
  let ids: string[] = []
  let engine: ReturnType<typeof customerEngine>

  beforeAll(async () => {
    const clock = movableClock(new Date(now.getTime() - 3 * day))
    engine = customerEngine(mongo.get(), clock, {}, async () => ({ attributes: worldDefinitions.attributes }))
    await mongo.indexes()
    const named = (list: readonly string[]) =>
      engine.profile.ensureCustomers(list.map((value) => [{ kind: 'user_id' as const, value }]))
    ids = await named(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6'])
    clock.set(now)
    ids.push(...(await named(['p7'])))
    const times = [5, 10, 40].map((days) => new Date(now.getTime() - days * day))
    await engine.tell(
      ...[...times, new Date('1965-03-04T00:00:00Z')].map((at, i) => ({
        ...{ id: `seen:${i}`, customerId: ids[i] ?? '', at, source: 'ingest' as const },
        type: 'behavior.tracked' as const,
        payload: { name: 'Visited', properties: {} },
      })),
    )
  }, 60_000)

  it('orders lists, with those never seen at the end, the newest of them first', async () => {
    const unseen = ids.slice(4, 7).toSorted().toReversed()
    expect(await listed()).toEqual([...ids.slice(0, 4), ids[7], ...unseen])
  })

  it('is found by the index of the list, and nobody has to be read to be counted', async () => {
    const count = (minDays: number) => customers().countDocuments(toFilter(silent(minDays), now))
    expect([await count(6), await count(11), await count(41)]).toEqual([3, 2, 1])
    const asked = toFilter({ type: 'all', of: [silent(6), { type: 'not', of: silent(20) }] }, now)
    expect((await customers().find(asked).toArray()).map(({ _id }) => _id)).toEqual([ids[1]])
    for (const filter of [asked, toFilter(silent(6), now)])
      expect(JSON.stringify(await customers().find(filter).explain('queryPlanner'))).toContain('activeAt_-1__id_-1')
  })

  it('is asked for as an attribute as well, and then what somebody stated counts', async () => {
    const stated = { payload: { traits: { [seenKey]: '2026-02-01' }, source: 'rep' as const }, source: 'rep' as const }
    for (const i of [1, 5])
      await engine.tell({
        ...{ id: `stated:${i}`, customerId: ids[i] ?? '', at: now, type: 'profile.identified' as const },
        ...stated,
      })
    // As for somebody of whom nobody may ask it.
    await customers().updateOne({ _id: ids[2] ?? '' }, { $push: { attrs: { k: seenKey, v: null } } })
    const views = await createProfileRead(mongo.get()).scan({}, null, 100)
    const dates = ['1960-01-01', '1968-01-01', '2026-01-15', '2026-04-22', '2026-05-25'].map(
      (date) => `${date}T00:00:00Z`,
    )
    const tests: AttributeTest[] = [
      ...dates.flatMap((date): AttributeTest[] => [
        { op: 'before', date },
        { op: 'since', date },
      ]),
      ...[7, 30, 60, 200].flatMap((days): AttributeTest[] => [
        { op: 'within_days', days },
        { op: 'older_days', days },
      ]),
      ...[{ op: 'known' as const }, { op: 'at_least' as const, value: 5 }, { op: 'is' as const, values: ['2026'] }],
    ]
    const sizes = new Set<number>()
    for (const test of tests)
      for (const other of [test, tests[3] ?? test]) {
        const of = [test, other].map((one) => ({ type: 'attribute' as const, key: seenKey, test: one }))
        for (const asked of [
          { type: 'all' as const, of },
          { type: 'not' as const, of: { type: 'all' as const, of } },
        ]) {
          const met = views.filter((view) => meets(asked, view, now)).map(({ id }) => id)
          expect(await idsOf(toFilter(asked, now)), JSON.stringify(of)).toEqual(met)
          sizes.add(met.length)
        }
      }
    expect(sizes.size).toBeGreaterThan(5)
  })

  it('is kept once for customers of before too', async () => {
    const form = async () =>
      (await customers().find({}).sort({ _id: 1 }).toArray()).map(({ attrs, activeAt }) => ({ attrs, activeAt }))
    const { attributes } = worldDefinitions
    // Somebody whom another test marked is in today's form again.
    await customers().updateOne({ _id: ids[2] ?? '' }, { $pull: { attrs: { k: seenKey } } })
    const was = await form()
    const before = [{ k: seenKey, v: '$lastSeenAt' }]
    for (const _id of [ids[0] ?? '', ids[2] ?? ''])
      await customers().updateOne({ _id }, [{ $set: { attrs: { $concatArrays: ['$attrs', before] } } }])
    await customers().updateMany({ lastSeenAt: null }, [{ $set: { activeAt: '$createdAt' } }])
    const step = keepSeenOnce(mongo.get(), async () => ({ attributes }))
    expect(await step.next(null)).toEqual({ last: null, count: 6 })
    expect(await form()).toEqual(was)
    expect(await step.next(null)).toEqual({ last: null, count: 0 })

    const sensitive = attributes.map((one) => ({ ...one, sensitivity: 'sensitive' as const }))
    const hidden = keepSeenOnce(mongo.get(), async () => ({ attributes: sensitive }))
    expect(await hidden.next(null)).toEqual({ last: null, count: 5 })
    expect(await idsOf(toFilter({ type: 'attribute', key: seenKey, test: { op: 'known' } }, now))).toEqual([])
    expect(await hidden.next(null)).toEqual({ last: null, count: 0 })
  })
})
