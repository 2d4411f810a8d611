import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { useMongo } from '../../test/support/mongo.ts'
import { createHolds } from './holds.ts'
import { holdCollection } from './holds.model.ts'

const mongo = useMongo()
const begin = Date.UTC(2026, 5, 1)
const at = (seconds: number): Date => new Date(begin + seconds * 1000)

it('of several ends of one hold the last one stands, in whichever order and however often they are told of', async () => {
  const ends = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  const told = ends.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  let n = 0
  await fc.assert(
    fc.asyncProperty(told, async ([list, shuffled]) => {
      const holds = createHolds({ mongo: mongo.get() })
      const endedAt = async (order: readonly number[]) => {
        const customerId = `c${(n += 1)}`
        await holds.of({ customerId, userid: 'wang', at: at(0), half: false }, false)
        for (const end of order) await holds.end(customerId, 'wang', at(end))
        return (await holdCollection(mongo.get().connection).findOne({ _id: `${customerId}:wang` }))?.endedAt
      }
      expect(await endedAt(list)).toEqual(at(Math.max(...list)))
      expect(await endedAt([...shuffled, ...shuffled])).toEqual(at(Math.max(...list)))
    }),
    { numRuns: 25 },
  )
})
