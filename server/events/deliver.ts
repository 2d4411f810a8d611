import type { Fact } from '@zhiyin/shared/fact'
import type { Mongo } from '../platform/mongo.ts'
import { eachInBatches } from '../platform/parallel.ts'
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
 * 'facts.deliver': first the profile, then the rules, then the marks are cleared. A customer who fails does not hold up the
 * others; the job is repeated for whoever is left.
 */
export const createDeliver = ({ mongo, facts, fold, match }: Deps) => {
  const read = createFactsRead(mongo)

  const turn = async (customerIds: readonly string[]): Promise<void> => {
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
      if (waiting.length < perTurn) return
    }
  }

  return (customerIds: readonly string[]): Promise<void> => eachInBatches([...new Set(customerIds)], turn)
}
