import type { Because } from '@zhiyin/shared/because'
import { AppError } from '../platform/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { isValidAt, notValid, skipOf, type Enter } from './enter.ts'
import type { RuleStore } from './rules.ts'
import type { Evaluate, Views } from './types.ts'

export type Kept = { customerId: string; because: readonly Because[] }

type Deps = { clock: Clock; store: RuleStore; enter: Enter; views: Views; evaluate: Evaluate }

/**
 * Puts customers into a rule that is on, as its live version says. `key` names the deed: the same one twice enters once. Who is in it, was
 * lately, or does not meet the condition is kept out, with the reason. Throws rule.state where it is not on.
 */
export const createByHand =
  ({ clock, store, enter, views, evaluate }: Deps) =>
  async (
    ruleId: string,
    customerIds: readonly string[],
    deed: { key: string; because: Because; userid: string | null },
  ): Promise<{ entered: number; kept: Kept[] }> => {
    const { status } = await store.get(ruleId)
    if (status !== 'on') throw new AppError('rule.state', { status: 409, params: { status } })
    const rule = await store.live(ruleId)
    if (!isValidAt(rule, clock.date())) throw notValid(rule)
    const found = await views([...new Set(customerIds)])
    const out = await enter.keepingOut(
      rule,
      found.map(({ id }) => id),
    )
    const now = clock.date()
    const kept: Kept[] = []
    const entries = found.flatMap((view) => {
      const skip = skipOf(rule, out.get(view.id))
      const answer = evaluate(rule.condition, view, now)
      if (skip !== null) kept.push({ customerId: view.id, because: [skip] })
      else if (!answer.met) kept.push({ customerId: view.id, because: answer.because })
      else
        return [
          {
            customerId: view.id,
            entryKey: `${deed.key}:${view.id}`,
            because: [deed.because, ...answer.because],
            userid: deed.userid,
            factId: null,
          },
        ]
      return []
    })
    const entered = await enter.enter(rule, entries)
    return { entered: entered.length, kept }
  }
