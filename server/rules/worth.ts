import type { Clock } from '../platform/clock.ts'
import type { CustomerView } from '../profile/view.ts'
import type { RuleStore } from './rules.ts'

const freshMs = 60_000
/** A share from fewer customers than this says nothing. */
const least = 20

/** What a send of a rule is expected to bring from a customer, in minor units; 0 where nobody can tell. */
export type Worth = (ruleId: string, view: Pick<CustomerView, 'orders' | 'spend'>) => Promise<number>

/** The share of those the rule has led who reached its goal, times what the customer's orders usually are. Counted anew once a minute. */
export const createWorth = ({ clock, store }: { clock: Clock; store: Pick<RuleStore, 'counts'> }): Worth => {
  const kept = new Map<string, { at: number; share: Promise<number> }>()

  const shareOf = async (ruleId: string): Promise<number> => {
    const counts = (await store.counts([ruleId])).get(ruleId)
    const ended = counts === undefined ? 0 : counts.goal + counts.exited + counts.finished
    return counts === undefined || ended < least ? 0 : counts.goal / ended
  }

  return async (ruleId, { orders, spend }) => {
    if (orders === 0) return 0
    const had = kept.get(ruleId)
    const fresh = had !== undefined && Math.abs(clock.now() - had.at) < freshMs
    const share = fresh ? had.share : shareOf(ruleId)
    if (!fresh) kept.set(ruleId, { at: clock.now(), share })
    return Math.round((await share) * (spend / orders))
  }
}
