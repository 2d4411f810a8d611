import { allows, consentOfTrait, noConsents, purposes, type ConsentSource, type Consents } from '@zhiyin/shared/consent'
import type { Fact } from '@zhiyin/shared/fact'
import { purposeOf, type Draft } from './draft.ts'
import { write } from './merge.ts'
import { Register } from './register.ts'
import type { ConsentEntry, CustomerState, TraitEntry } from './state.ts'

/** Of the same moment the withdrawal wins, whatever it is compared with. */
const rankOf = ({ state, source, by, proof }: ConsentEntry): string =>
  JSON.stringify([state === 'withdrawn' ? 1 : 0, source, by ?? '', proof])

const keep = (draft: Draft, entry: ConsentEntry): void => write(draft.consents, entry.purpose, entry, rankOf)

export const setConsent = (draft: Draft, { at, payload }: Fact<'consent.changed'>): void =>
  keep(draft, {
    purpose: payload.purpose,
    state: payload.state,
    at,
    source: payload.source,
    by: payload.by ?? null,
    proof: payload.proof ?? null,
  })

/** Whether a trait speaks of consent; it is kept as consent then, not as a trait. */
export const isConsentTrait = (key: string): boolean =>
  key === 'marketing_consent_note' || purposes.some((purpose) => key === `${purpose}_consent`)

type Traits = Readonly<Record<string, unknown>>
const sourceOf = (source: TraitEntry['source']): ConsentSource => source

/** Consents that came as traits: from systems that send traits only, and from before there were facts of their own. */
export const consentsOfTraits = (
  traits: Traits,
  { at, source, by }: Pick<TraitEntry, 'at' | 'source' | 'by'>,
): ConsentEntry[] =>
  Object.entries(traits).flatMap(([key, value]) => {
    const said = consentOfTrait(key, value)
    if (said === null) return []
    const note = said.purpose === 'marketing' ? traits['marketing_consent_note'] : undefined
    const proof = typeof note === 'string' && note !== '' ? { text: note } : null
    return [{ ...said, at, source: sourceOf(source), by, proof }]
  })

export const identifyConsents = (draft: Draft, { at, payload }: Fact<'profile.identified'>): void => {
  const from = { at, source: payload.source, by: payload.by ?? null }
  for (const entry of consentsOfTraits(payload.traits, from)) keep(draft, entry)
}

/** Where a customer stands on every purpose. */
export const consentsOf = ({ consents }: Pick<CustomerState, 'consents'>): Consents => ({
  ...noConsents,
  ...Object.fromEntries(consents.map(({ purpose, state }) => [purpose, state])),
})

/** Whether attributes, tags and segments may be worked out of what somebody does. */
export const mayProfile = (state: Pick<CustomerState, 'consents'>, needsGrant: boolean): boolean =>
  allows(consentsOf(state).profiling, needsGrant)

/** Of before consents were a part of the state: the traits that said so become consents. */
export const withConsents = (state: Pick<CustomerState, 'traits'>): Pick<CustomerState, 'traits' | 'consents'> => {
  const register = new Register<string, ConsentEntry>([], purposeOf)
  const notes = new Map(
    state.traits.flatMap(({ key, source, value }) =>
      key === 'marketing_consent_note' ? [[source, value] as const] : [],
    ),
  )
  for (const { key, value, ...from } of state.traits)
    for (const entry of consentsOfTraits({ [key]: value, marketing_consent_note: notes.get(from.source) }, from))
      write(register, entry.purpose, entry, rankOf)
  return {
    traits: state.traits.filter(({ key }) => !isConsentTrait(key)),
    consents: register.values,
  }
}
