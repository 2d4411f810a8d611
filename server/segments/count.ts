import type { Condition } from '@zhiyin/shared/condition'
import { evaluate } from '../conditions/evaluate.ts'
import { seenBy, toFilter } from '../conditions/filter.ts'
import type { Clock } from '../platform/clock.ts'
import { tellable, type Because } from '@zhiyin/shared/because'
import type { CustomerView } from '../profile/view.ts'
import type { Customers } from './types.ts'

const shown = 20

export { seenBy }

export type Counted = {
  readonly total: number
  readonly ms: number
  readonly members: readonly { readonly view: CustomerView; readonly because: readonly Because[] }[]
}

/** Why a customer meets a condition, as told to people. */
export const whyIn = (condition: Condition, view: CustomerView, now: Date): readonly Because[] =>
  tellable(evaluate(condition, view, now).because)

type Deps = { customers: Pick<Customers, 'some' | 'count'>; clock: Clock }

/**
 * How many meet a condition now, counted by the database one by one, and some of them with why. Some are asked for first: fewer than that
 * are all there are, so whoever meets a rare condition is looked for only once.
 */
export const createCount =
  ({ customers, clock }: Deps) =>
  async (condition: Condition, scope: readonly string[] | null): Promise<Counted> => {
    const now = clock.date()
    const filter = seenBy(toFilter(condition, now), scope)
    const began = performance.now()
    const first = await customers.some(filter, shown)
    const total = first.length < shown ? first.length : await customers.count(filter)
    const ms = Math.round(performance.now() - began)
    return { total, ms, members: first.map((view) => ({ view, because: whyIn(condition, view, now) })) }
  }

export type Count = ReturnType<typeof createCount>
