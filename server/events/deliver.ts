import type { Fact } from '@zhiyin/shared/fact'
import type { Mongo } from '../platform/mongo.ts'
import { createGather } from '../platform/gather.ts'
import type { Facts } from './facts.ts'
import { createFactsRead } from './read.ts'

type Deps = {
  mongo: Mongo
  facts: Pick<Facts, 'matched'>
  /** Folds what waits into these profiles; repeats harmlessly. */
  fold: (customerIds: readonly string[]) => Promise<void>
  /** Shows facts to the rules; may be called again with the same facts. */
  match: (customerId: string, facts: Fact[]) => Promise<void>
}

const perTurn = 500

/**
 * 'facts.deliver': first the profile, then the rules, then the marks are cleared. Jobs that come while a turn is under way share the
 * next one. A customer who fails does not hold up the others; the job is repeated for whoever is left.
 */
export const createDeliver = ({ mongo, facts, fold, match }: Deps) => {
  const read = createFactsRead(mongo)

  const turn = async (asked: readonly string[]): Promise<readonly void[]> => {
    const customerIds = [...new Set(asked)]
    await fold(customerIds)
    for (;;) {
      const waiting = await read.awaiting(customerIds, 'rules', perTurn)
      const owners = [...new Set(waiting.map((fact) => fact.customerId))]
      await Promise.all(
        owners.map((owner) =>
          match(
            owner,
            waiting.filter((fact) => fact.customerId === owner),
          ),
        ),
      )
      if (waiting.length > 0) await facts.matched(waiting.map((fact) => fact.id))
      if (waiting.length < perTurn) return asked.map(() => undefined)
    }
  }

  const together = createGather(turn, { most: 100, restMs: 20 })
  return async (customerIds: readonly string[]): Promise<void> => {
    const results = await Promise.allSettled([...new Set(customerIds)].map(together))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
}
