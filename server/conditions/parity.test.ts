import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import { stages } from '@zhiyin/shared/stage'
import { tiers } from '@zhiyin/shared/tier'
import { movableClock } from '../../test/support/clock.ts'
import { customerEngine } from '../../test/support/customers.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { createProfileRead, type CustomerView } from '../profile/read.ts'
import { evaluate } from './evaluate.ts'
import { toFilter } from './filter.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const mongo = useMongo()

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.subarray([...stages], { minLength: 1 }).map((list): Condition => ({ type: 'stage', in: list })),
  fc.subarray([...tiers], { minLength: 1 }).map((list): Condition => ({ type: 'tier', in: list })),
  fc.constantFrom('t1', 't2', 't3').map((tagId): Condition => ({ type: 'tag', tagId, tag: tagId })),
  fc.integer({ min: 1, max: 60 }).map((minDays): Condition => ({ type: 'silent', minDays })),
  fc
    .record({ op: fc.constantFrom('gte', 'lte'), value: fc.integer({ min: 0, max: 4 }) })
    .map(({ op, value }): Condition => ({ type: 'orders', op, value })),
)
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { maxLength: 3 }).map((of): Condition => ({ type: 'all', of })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of): Condition => ({ type: 'any', of })),
    tie('condition').map((of): Condition => ({ type: 'not', of })),
  ),
}))

const customer = fc.record({
  stage: fc.constantFrom(...stages),
  tier: fc.constantFrom(...tiers),
  tagIds: fc.subarray(['t1', 't2', 't3']),
  orders: fc.integer({ min: 0, max: 5 }),
  silentDays: fc.option(fc.integer({ min: 0, max: 70 })),
})

describe('segments', () => {
  let views: CustomerView[] = []
  const read = () => createProfileRead(mongo.get())

  beforeAll(async () => {
    const engine = customerEngine(mongo.get(), movableClock(now))
    await mongo.indexes()
    const people = fc.sample(customer, { numRuns: 60, seed: 7 })
    await Promise.all(
      people.map(async (one, i) => {
        const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: `p${i}` }])
        await mongo
          .get()
          .connection.collection<{ _id: string }>('customers')
          .updateOne(
            { _id: id },
            {
              $set: {
                'stage.stage': one.stage,
                'tier.tier': one.tier,
                tagIds: one.tagIds,
                orders: one.orders,
                lastSeenAt: one.silentDays === null ? null : new Date(now.getTime() - one.silentDays * day),
              },
            },
          )
      }),
    )
    views = await read().scan({}, null, 1000)
  }, 30_000)

  it('takes the same customers in memory as in the database, however deeply conditions are nested', async () => {
    expect(views).toHaveLength(60)
    await fc.assert(
      fc.asyncProperty(condition, async (wanted) => {
        const met = views.filter((view) => evaluate(wanted, view, now).met).map(({ id }) => id)
        const found = await read().scan(toFilter(wanted, now), null, 1000)
        expect(found.map(({ id }) => id).sort()).toEqual(met.sort())
      }),
      { numRuns: 150 },
    )
  }, 30_000)

  it('gives its reasons, for and against', () => {
    const view = views.find((one) => one.stage.stage === 'silent' && one.lastSeenAt !== null)
    if (view === undefined) throw new Error('no silent customer in the sample')
    const silentAndA: Condition = {
      type: 'all',
      of: [
        { type: 'stage', in: ['silent'] },
        { type: 'not', of: { type: 'stage', in: ['lost'] } },
      ],
    }
    expect(evaluate(silentAndA, view, now).because.map(({ code }) => code)).toEqual([
      'rule.stage_is',
      'rule.not',
      'rule.stage_not',
    ])
    expect(evaluate({ type: 'stage', in: ['new'] }, view, now)).toEqual({
      met: false,
      because: [{ code: 'rule.stage_not', params: { value: 'silent' } }],
    })
    expect(evaluate({ type: 'all', of: [] }, view, now).because).toEqual([{ code: 'rule.everyone', params: {} }])
  })

  it('walks through all of them in pages', async () => {
    const [first, filter] = [await read().scan({}, null, 25), toFilter({ type: 'all', of: [] }, now)]
    const rest = await read().scan(filter, first.at(-1)?.id ?? null, 1000)
    expect([...first, ...rest].map(({ id }) => id)).toEqual(views.map(({ id }) => id))
  })
})
