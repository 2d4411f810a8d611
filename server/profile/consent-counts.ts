import type { Model } from 'mongoose'
import { purposes, type ConsentState } from '@zhiyin/shared/consent'
import type { ConsentCount } from '@zhiyin/shared/privacy'
import { seenBy } from '../conditions/filter.ts'
import type { Scope } from '../platform/actor.ts'
import type { CustomerDoc } from './customers.model.ts'

const cacheMs = 60_000

/** Scopes that are remembered; managers are few. */
const mostKept = 100

/** Counts every purpose's states in one walk over the customers of a scope; asked again within a minute it answers the same. */
export const createConsentCounts = (customers: Model<CustomerDoc>): ((scope: Scope) => Promise<ConsentCount[]>) => {
  const kept = new Map<string, { readonly at: number; readonly counts: Promise<ConsentCount[]> }>()
  const count = async (scope: Scope): Promise<ConsentCount[]> => {
    const rows = await customers.aggregate<{ _id: Partial<CustomerDoc['consents']> | null; n: number }>([
      { $match: seenBy({}, scope) },
      { $group: { _id: '$consents', n: { $sum: 1 } } },
    ])
    return purposes.map((purpose) => {
      const of = (state: ConsentState): number =>
        rows.reduce((sum, { _id, n }) => ((_id?.[purpose] ?? 'unknown') === state ? sum + n : sum), 0)
      return { purpose, granted: of('granted'), withdrawn: of('withdrawn'), unknown: of('unknown') }
    })
  }
  return (scope) => {
    const key = scope === null ? '*' : [...scope].sort().join(' ')
    const known = kept.get(key)
    if (known !== undefined && performance.now() - known.at < cacheMs) return known.counts
    if (kept.size >= mostKept) kept.clear()
    const counts = count(scope)
    kept.set(key, { at: performance.now(), counts })
    counts.catch(() => kept.delete(key))
    return counts
  }
}
