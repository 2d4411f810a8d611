import type { CustomerState, TraitEntry, TraitSource } from './state/state.ts'

/** What a customer or a rep stated beats what was taken over from a system; among equals the newer one. */
const weight: Readonly<Record<TraitSource, number>> = { customer: 3, rep: 2, wecom: 1, ingest: 0 }
const stated: ReadonlySet<TraitSource> = new Set<TraitSource>(['customer', 'rep'])

export const isStated = (source: TraitSource): boolean => stated.has(source)

/** How sure a trait of a source is, 0..1. */
export const confidenceOf: Readonly<Record<TraitSource, number>> = { customer: 1, rep: 0.95, wecom: 0.9, ingest: 0.8 }

const before = (a: TraitEntry, b: TraitEntry): number =>
  Number(isStated(b.source)) - Number(isStated(a.source)) ||
  b.at.getTime() - a.at.getTime() ||
  weight[b.source] - weight[a.source]

/** Each trait with the entry that counts and those of other sources that disagree. */
export const traitsOf = (
  state: CustomerState,
): Map<string, TraitEntry & { readonly others: readonly TraitEntry[] }> => {
  const byKey = new Map<string, TraitEntry[]>()
  for (const entry of state.traits) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry])
  return new Map(
    [...byKey].flatMap(([key, entries]) => {
      const [best, ...rest] = [...entries].sort(before)
      if (best === undefined) return []
      const value = JSON.stringify(best.value)
      return [[key, { ...best, others: rest.filter((entry) => JSON.stringify(entry.value) !== value) }]]
    }),
  )
}
