import type { Condition } from '@zhiyin/shared/condition'
import { evaluate } from '../conditions/evaluate.ts'
import { profiled, seenBy, toFilter, type CustomerFilter } from '../conditions/filter.ts'
import type { Clock } from '../platform/clock.ts'
import { tellable, type Because } from '@zhiyin/shared/because'
import type { CustomerView } from '../profile/view.ts'
import type { Customers, DefinitionsNow } from './types.ts'

const shown = 20

export { seenBy }

export type Counted = {
  readonly total: number
  /** Meet the condition as well and may not be profiled. */
  readonly withheld: number
  readonly ms: number
  readonly members: readonly { readonly view: CustomerView; readonly because: readonly Because[] }[]
}

/** Why a customer meets a condition, as told to people. */
export const whyIn = (condition: Condition, view: CustomerView, now: Date): readonly Because[] =>
  tellable(evaluate(condition, view, now).because)

type Deps = {
  customers: Pick<Customers, 'some' | 'count'>
  clock: Clock
  definitions: Pick<DefinitionsNow, 'get'>
}

const both = (...of: readonly CustomerFilter[]): CustomerFilter => ({ $and: [...of] })

/**
 * How many a segment with this condition would have now, counted by the database one by one, and some of them with why; `withheld`: how many
 * more meet it and may not be profiled. Some are asked for first: fewer than that are all there are, so whoever meets a rare condition is
 * looked for only once. `everybody`: as if all of them might be, for what is no segment.
 */
export const createCount =
  ({ customers, clock, definitions }: Deps) =>
  async (condition: Condition, scope: readonly string[] | null, everybody = false): Promise<Counted> => {
    const now = clock.date()
    const needsGrant = (await definitions.get()).profilingNeedsGrant ?? false
    const meets = seenBy(toFilter(condition, now), scope)
    const began = performance.now()
    const first = await customers.some(everybody ? meets : both(meets, profiled(needsGrant)), shown)
    const few = first.length < shown ? first.length : null
    const count = async (): Promise<{ total: number; withheld: number }> => {
      if (everybody) return { total: few ?? (await customers.count(meets)), withheld: 0 }
      // Who agreed, or refused, is in an index of its own; whoever said nothing is not. Those who refused are few.
      const said = (state: 'granted' | 'withdrawn') => both(meets, { 'consents.profiling': state })
      const [told, all] = await Promise.all([
        needsGrant ? customers.count(said('granted')) : customers.count(said('withdrawn'), 'by_consent'),
        needsGrant || few === null ? customers.count(meets) : null,
      ])
      const rest = Math.max(0, (all ?? 0) - told)
      return needsGrant ? { total: few ?? told, withheld: rest } : { total: few ?? rest, withheld: told }
    }
    const counted = await count()
    const ms = Math.round(performance.now() - began)
    return { ...counted, ms, members: first.map((view) => ({ view, because: whyIn(condition, view, now) })) }
  }

export type Count = ReturnType<typeof createCount>
