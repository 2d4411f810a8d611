import type { Model } from 'mongoose'
import { purposes, type ConsentState } from '@zhiyin/shared/consent'
import type { ConsentCount } from '@zhiyin/shared/privacy'
import type { CustomerDoc } from './customers.model.ts'

const cacheMs = 60_000

/** Counts every purpose's states in one walk over all customers; asked again within a minute it answers the same. */
export const createConsentCounts = (customers: Model<CustomerDoc>): (() => Promise<ConsentCount[]>) => {
  let cached: { readonly at: number; readonly counts: Promise<ConsentCount[]> } | null = null
  const count = async (): Promise<ConsentCount[]> => {
    const rows = await customers.aggregate<{ _id: Partial<CustomerDoc['consents']> | null; n: number }>([
      { $group: { _id: '$consents', n: { $sum: 1 } } },
    ])
    return purposes.map((purpose) => {
      const of = (state: ConsentState): number =>
        rows.reduce((sum, { _id, n }) => ((_id?.[purpose] ?? 'unknown') === state ? sum + n : sum), 0)
      return { purpose, granted: of('granted'), withdrawn: of('withdrawn'), unknown: of('unknown') }
    })
  }
  return () => {
    if (cached !== null && performance.now() - cached.at < cacheMs) return cached.counts
    const counts = count()
    cached = { at: performance.now(), counts }
    counts.catch(() => (cached = null))
    return counts
  }
}
