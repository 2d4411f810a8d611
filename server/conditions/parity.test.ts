import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import { movableClock } from '../../test/support/clock.ts'
import { customerEngine } from '../../test/support/customers.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { condition, leaves } from '../../test/support/random-conditions.ts'
import { lifeOf, worldDefinitions } from '../../test/support/random-lives.ts'
import { createProfileRead, type CustomerView } from '../profile/read.ts'
import { evaluate } from './evaluate.ts'
import { toFilter } from './filter.ts'
import { meets } from './meets.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const people = 80
const mongo = useMongo()

describe('conditions', () => {
  let views: CustomerView[] = []
  const read = () => createProfileRead(mongo.get())

  beforeAll(async () => {
    const engine = customerEngine(mongo.get(), movableClock(now), {}, async () => worldDefinitions)
    await mongo.indexes()
    const ids = await engine.profile.ensureCustomers(
      Array.from({ length: people }, (_each, i) => [{ kind: 'user_id' as const, value: `p${i}` }]),
    )
    const lives = ids.map((id, i) => fc.sample(lifeOf(id, now), { numRuns: 1, seed: i })[0] ?? [])
    await engine.tell(...lives.flat())
    views = await read().scan({}, null, 1000)
  }, 60_000)

  const inMemory = (wanted: Condition, at: Date): string[] =>
    views.filter((view) => evaluate(wanted, view, at).met).map(({ id }) => id)

  const same = async (wanted: Condition, at: Date): Promise<number> => {
    const met = inMemory(wanted, at)
    expect(views.filter((view) => meets(wanted, view, at)).map(({ id }) => id)).toEqual(met)
    const found = (await read().scan(toFilter(wanted, at), null, 1000)).map(({ id }) => id)
    expect(found).toEqual(met)
    expect(await read().count(toFilter(wanted, at))).toBe(met.length)
    return met.length
  }

  const moment = fc.constantFrom(now, new Date(now.getTime() + 1), new Date(now.getTime() + 3 * day))

  it.each(Object.keys(leaves))(
    'of the kind %s take the same customers in memory as in the database',
    async (kind) => {
      expect(views).toHaveLength(people)
      let some = 0
      const asked = leaves[kind] ?? fc.constant<Condition>({ type: 'all', of: [] })
      await fc.assert(
        fc.asyncProperty(asked, moment, async (wanted, at) => {
          const met = await same(wanted, at)
          if (met > 0 && met < people) some += 1
        }),
        { numRuns: 40 },
      )
      // Whoever all meet or nobody meets proves little.
      expect(some).toBeGreaterThan(0)
    },
    60_000,
  )

  it('take the same customers where the filter is put together in another way', async () => {
    const silent = (minDays: number): Condition => ({ type: 'silent', minDays })
    const tag = (tagId: string): Condition => ({ type: 'tag', tagId, tag: tagId })
    const between: Condition = { type: 'all', of: [silent(10), { type: 'not', of: silent(40) }] }
    const tagged: Condition = { type: 'any', of: [tag('t1'), tag('t3')] }
    for (const wanted of [between, tagged, { type: 'all', of: [{ type: 'not', of: silent(40) }] } as const])
      expect(await same({ ...wanted, of: [...wanted.of] }, now)).toBeGreaterThan(0)
  })

  it('take the same customers where several tests are of the same attributes', async () => {
    const { attribute } = leaves
    if (attribute === undefined) throw new Error('attributes are no kind of condition')
    await fc.assert(
      fc.asyncProperty(fc.array(attribute, { minLength: 2, maxLength: 5 }), moment, async (of, at) => {
        await same({ type: 'all', of }, at)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('take the same customers however deeply they are nested', async () => {
    await fc.assert(
      fc.asyncProperty(condition, moment, async (wanted, at) => {
        await same(wanted, at)
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it('give their reasons, for and against', () => {
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

  it('are walked through in pages', async () => {
    const [first, filter] = [await read().scan({}, null, 25), toFilter({ type: 'all', of: [] }, now)]
    const rest = await read().scan(filter, first.at(-1)?.id ?? null, 1000)
    expect([...first, ...rest].map(({ id }) => id)).toEqual(views.map(({ id }) => id))
  })
})
