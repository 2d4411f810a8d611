import type { CustomerState, TraitEntry, TraitSource, TraitValue } from './state/state.ts'

const stated: ReadonlySet<string> = new Set<TraitSource>(['customer', 'rep'])

/** Said by the customer, or by a rep who knows: it beats whatever systems tell. */
export const isStated = (source: string): boolean => stated.has(source)

/** How sure a trait of a source is, 0..1. */
export const confidenceOf: Readonly<Record<TraitSource, number>> = {
  customer: 1,
  rep: 0.95,
  wecom: 0.9,
  ingest: 0.8,
  import: 0.8,
  // What a manager concludes from a condition, not what anybody said.
  rule: 0.7,
}

/** A trait that its source has not taken back. */
export type SaidTrait = TraitEntry & { readonly value: TraitValue }

const isSaid = (trait: TraitEntry): trait is SaidTrait => trait.value !== null

/** What sources say of each trait, in the order of keys. */
export const traitsOf = (state: CustomerState): Map<string, SaidTrait[]> => {
  const byKey = new Map<string, SaidTrait[]>()
  for (const trait of state.traits) {
    if (!isSaid(trait)) continue
    const said = byKey.get(trait.key)
    if (said === undefined) byKey.set(trait.key, [trait])
    else said.push(trait)
  }
  return byKey
}
