import type { Fact } from '@zhiyin/shared/fact'
import { createLanes, customerLanes, type Lanes } from '../platform/lanes.ts'
import type { Facts } from './facts.ts'

type Deps = {
  facts: Pick<Facts, 'matched'>
  /** Folds what waits, so much at once, into these profiles; repeats harmlessly. Answers what is for the rules to see. */
  foldSome: (customerIds: readonly string[]) => Promise<{ readonly forRules: readonly Fact[]; readonly more: boolean }>
  /** Shows facts to the rules; may be called again with the same facts. */
  match: (customerId: string, facts: Fact[]) => Promise<void>
}

/**
 * 'facts.deliver': first the profile, then the rules, then the marks are cleared. Jobs that come while a turn is under way share the
 * next one. A customer who fails does not hold up the others; the job is repeated for whoever is left.
 */
export const createDeliver = ({ facts, foldSome, match }: Deps, lanes: Lanes = customerLanes) => {
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

  const together = createLanes(turn, lanes)
  return async (customerIds: readonly string[]): Promise<void> => {
    const results = await Promise.allSettled([...new Set(customerIds)].map((id) => together(id, id)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
}
