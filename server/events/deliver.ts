import type { Fact } from '@zhiyin/shared/fact'
import { createGather } from '../platform/gather.ts'
import type { Facts } from './facts.ts'

type Deps = {
  facts: Pick<Facts, 'matched'>
  /** Folds what waits, so much at once, into these profiles; repeats harmlessly. Answers what is for the rules to see. */
  foldSome: (customerIds: readonly string[]) => Promise<{ readonly forRules: readonly Fact[]; readonly more: boolean }>
  /** Shows facts to the rules; may be called again with the same facts. */
  match: (customerId: string, facts: Fact[]) => Promise<void>
}

/** The turn a customer has their place in, always the same, so that no two turns meet in one customer. */
const laneOf = (customerId: string, lanes: number): number => {
  let sum = 0
  for (let i = 0; i < customerId.length; i += 1) sum += customerId.charCodeAt(i)
  return sum % lanes
}

/** Customers of a turn: more would keep the process busy for longer than an event should wait. */
const perTurn = 200

type Lanes = {
  /** Turns under way in one process: while the database works at some and commits another, the next is worked out. */
  readonly lanes: number
  readonly restMs: number
}

/**
 * 'facts.deliver': first the profile, then the rules, then the marks are cleared. Jobs that come while a turn is under way share the
 * next one. A customer who fails does not hold up the others; the job is repeated for whoever is left.
 */
export const createDeliver = (
  { facts, foldSome, match }: Deps,
  { lanes, restMs }: Lanes = { lanes: 8, restMs: 10 },
) => {
  const turn = async (asked: readonly string[]): Promise<readonly void[]> => {
    const customerIds = [...new Set(asked)]
    for (;;) {
      const { forRules, more } = await foldSome(customerIds)
      const owned = new Map<string, Fact[]>()
      for (const fact of forRules) owned.set(fact.customerId, [...(owned.get(fact.customerId) ?? []), fact])
      await Promise.all([...owned].map(([owner, list]) => match(owner, list)))
      if (forRules.length > 0) await facts.matched(forRules.map((fact) => fact.id))
      if (!more) return asked.map(() => undefined)
    }
  }

  const turns = Array.from({ length: lanes }, () => createGather(turn, { most: perTurn, restMs }))
  const together = (customerId: string): Promise<void> => {
    const gather = turns[laneOf(customerId, lanes)]
    if (gather === undefined) throw new RangeError('no such lane')
    return gather(customerId)
  }
  return async (customerIds: readonly string[]): Promise<void> => {
    const results = await Promise.allSettled([...new Set(customerIds)].map(together))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
}
