import * as fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import type { NewFact } from '@zhiyin/shared/fact'
import { useMongo } from '../../support/mongo.ts'
import { buysWithin, day, segmentsHarness } from './harness.ts'

const mongo = useMongo()
let world: ReturnType<typeof segmentsHarness>

beforeAll(async () => {
  segmentsHarness(mongo.get())
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  world = segmentsHarness(mongo.get())
})

const said = (customerId: string, state: 'granted' | 'withdrawn'): NewFact => ({
  id: `consent:${customerId}:${state}`,
  customerId,
  at: new Date(world.clock.now() - day),
  source: 'rep',
  type: 'consent.changed',
  payload: { purpose: 'profiling', state, source: 'rep', by: 'wang' },
})
const all: Condition = { type: 'all', of: [] }

describe('the count while a condition is being written', () => {
  it('is whom the segment would have, whoever agreed or refused to be profiled', async () => {
    const people = fc.array(
      fc.record({
        said: fc.constantFrom('granted', 'withdrawn', null),
        boughtDaysAgo: fc.constantFrom(1, 10, 50, null),
      }),
      { minLength: 15, maxLength: 60 },
    )
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        people,
        fc.boolean(),
        fc.constantFrom(buysWithin(5), buysWithin(30), all),
        async (who, needsGrant, condition) => {
          for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
          world = segmentsHarness(mongo.get())
          world.define({ profilingNeedsGrant: needsGrant })
          round += 1
          const ids = await world.people(...who.map((_one, i) => `${round}-${i}`))
          await world.engine.tell(
            ...who.flatMap((one, i): NewFact[] => {
              const id = ids[i] ?? ''
              return [
                ...(one.said === null ? [] : [said(id, one.said)]),
                ...(one.boughtDaysAgo === null ? [] : [world.ordered(id, one.boughtDaysAgo)]),
              ]
            }),
          )
          const counted = await world.room.count(condition, null)
          const { _id } = await world.room.create({ kind: 'rule', name: '甲', note: '', condition }, '王敏')
          world.clock.advance(3_000)
          await world.work()
          await world.work()
          const members = (await world.room.memberCounts([_id], null)).get(_id)
          const everybody = await world.room.count(condition, null, true)
          expect(counted.total).toBe(members)
          expect(counted.total + counted.withheld).toBe(everybody.total)
          expect(everybody.withheld).toBe(0)
          const allowed = new Set(
            ids.filter((_id, i) => (needsGrant ? who[i]?.said === 'granted' : who[i]?.said !== 'withdrawn')),
          )
          expect(counted.members.every(({ view }) => allowed.has(view.id))).toBe(true)
          expect(counted.members).toHaveLength(Math.min(20, counted.total))
        },
      ),
      { numRuns: 8 },
    )
  }, 60_000)
})
