import type { Fact } from '@zhiyin/shared/fact'
import { isAhead } from '../events/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachInBatches } from '../platform/parallel.ts'
import { pastOf } from './computed/asked.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { withKept } from './state/computed.ts'
import type { Definitions } from './types.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  /** As they stand now. */
  definitions: () => Promise<Definitions>
  /** The facts of some kinds of these customers, a piece at a time, in no order. */
  factsOf: (customerIds: readonly string[], types: readonly string[]) => AsyncIterable<readonly Fact[]>
  /** Works customers out anew; answers who moved. */
  newSettings: (customerIds: readonly string[]) => Promise<readonly string[]>
  nudgeFacts: (customerIds: readonly string[]) => Promise<void>
}

type Doc = Pick<CustomerDoc, '_id' | 'rev' | 'state'>
const fields = { rev: 1, state: 1 } as const
const mostTries = 5

/**
 * Looks through the past of the next customers in the order of ids for one computed attribute: every fact it asks for is shown to it
 * again, which changes nothing where it was seen. Answers the last of them, null when there are no more, and how many there were.
 */
export const createBackfill = ({ mongo, clock, definitions, factsOf, newSettings, nudgeFacts }: Deps) => {
  const customers = customerCollection(mongo.connection)

  /** Answers whom it changed; who was written meanwhile is read and shown again. */
  const show = async (
    docs: readonly Doc[],
    { attributes }: Definitions,
    types: readonly string[],
  ): Promise<string[]> => {
    const changed: string[] = []
    let left = docs
    for (let tries = 0; left.length > 0; tries++) {
      if (tries === mostTries)
        throw new Error(`${left.length} customers are written too often to look through their past`)
      const states = new Map(left.map(({ _id, state }) => [_id, state]))
      for await (const facts of factsOf([...states.keys()], types))
        for (const fact of facts) {
          const state = states.get(fact.customerId)
          if (state !== undefined && !isAhead(fact, clock.date()))
            states.set(fact.customerId, withKept(state, [fact], attributes))
        }
      const writes = left.filter(({ _id, state }) => states.get(_id) !== state)
      const kept = await Promise.all(
        writes.map(async ({ _id, rev }) => {
          const set = { 'state.computed': states.get(_id)?.computed ?? [] }
          const { matchedCount } = await customers.updateOne({ _id, rev }, { $set: set, $inc: { rev: 1 } })
          return matchedCount === 1
        }),
      )
      changed.push(...writes.flatMap(({ _id }, i) => (kept[i] === true ? [_id] : [])))
      const missed = writes.flatMap(({ _id }, i) => (kept[i] === true ? [] : [_id]))
      left =
        missed.length === 0 ? [] : await customers.find<Doc>({ _id: { $in: missed } }, { projection: fields }).toArray()
    }
    return changed
  }

  return async (key: string, after: string, limit: number): Promise<{ last: string | null; count: number }> => {
    const known = await definitions()
    const computation = known.attributes.find((attribute) => attribute.key === key)?.computation ?? null
    const types = computation === null ? [] : pastOf(computation)
    // Where the state has all of it there is no past to look through.
    if (types.length === 0) return { last: null, count: 0 }
    const docs = await customers
      .find<Doc>({ _id: { $gt: after } }, { projection: fields })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    const changed = await show(docs, known, types)
    const moved: string[] = []
    await eachInBatches(changed, async (batch) => void moved.push(...(await newSettings(batch))))
    if (moved.length > 0) await nudgeFacts(moved)
    return { last: docs.length < limit ? null : (docs.at(-1)?._id ?? null), count: docs.length }
  }
}
