import {
  allows,
  consentOfTrait,
  isReport,
  noConsents,
  purposes,
  type ConsentSource,
  type ConsentState,
  type Consents,
  type Purpose,
} from '@zhiyin/shared/consent'
import type { Fact } from '@zhiyin/shared/fact'
import { consentKeyOf, type Draft } from './draft.ts'
import { write } from './merge.ts'
import { Register } from './register.ts'
import type { ConsentEntry, CustomerState, TraitEntry } from './state.ts'

/** Of the same moment the withdrawal wins, whatever it is compared with. */
const rankOf = ({ state, source, by, proof }: ConsentEntry): string =>
  JSON.stringify([state === 'withdrawn' ? 1 : 0, source, by ?? '', proof])

const keep = (register: Register<string, ConsentEntry>, entry: ConsentEntry): void =>
  write(register, consentKeyOf(entry), entry, rankOf)

export const setConsent = (draft: Draft, { at, payload }: Fact<'consent.changed'>): void =>
  keep(draft.consents, {
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
/** A rule sets attributes, never a consent. */
const sourceOf = (source: TraitEntry['source']): ConsentSource => (source === 'rule' ? 'ingest' : source)

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
  for (const entry of consentsOfTraits(payload.traits, from)) keep(draft.consents, entry)
}

type Said = { readonly act: ConsentEntry | undefined; readonly report: ConsentEntry | undefined }

/** Whether the report counts: it is the only word, or later than an act by which they agreed. Of the same moment the withdrawal wins. */
const reportCounts = ({ act, report }: Said): boolean => {
  if (report === undefined || act === undefined) return report !== undefined
  if (act.state === 'withdrawn') return false
  return report.at > act.at || (report.at.getTime() === act.at.getTime() && report.state === 'withdrawn')
}

const saidOf = (consents: readonly ConsentEntry[], purpose: Purpose): Said => {
  let act: ConsentEntry | undefined
  let report: ConsentEntry | undefined
  for (const entry of consents)
    if (entry.purpose === purpose) {
      if (isReport(entry.source)) report = entry
      else act = entry
    }
  return { act, report }
}

/**
 * The word that stands on a purpose, and a later report that does not count beside it. What somebody did (`act`: they said so, a rep noted
 * it) is undone by a later act only; what a system tells of (`report`) may withdraw, and lifts no more than a report withdrew: it repeats
 * what it has on file at every login.
 */
export const standingOf = (
  consents: readonly ConsentEntry[],
  purpose: Purpose,
): { readonly stands: ConsentEntry | null; readonly overruled: ConsentEntry | null } => {
  const said = saidOf(consents, purpose)
  const { act, report } = said
  if (reportCounts(said)) return { stands: report ?? null, overruled: null }
  const differs = act !== undefined && report !== undefined && report.at > act.at && report.state !== act.state
  return { stands: act ?? null, overruled: differs ? report : null }
}

const stateOf = (consents: readonly ConsentEntry[], purpose: Purpose): ConsentState =>
  standingOf(consents, purpose).stands?.state ?? 'unknown'

/** Where a customer stands on every purpose. */
export const consentsOf = ({ consents }: Pick<CustomerState, 'consents'>): Consents =>
  consents.length === 0
    ? noConsents
    : {
        marketing: stateOf(consents, 'marketing'),
        profiling: stateOf(consents, 'profiling'),
        sharing: stateOf(consents, 'sharing'),
        service: stateOf(consents, 'service'),
      }

/** Whether attributes, tags and segments may be worked out of what somebody does. */
export const mayProfile = ({ consents }: Pick<CustomerState, 'consents'>, needsGrant: boolean): boolean =>
  allows(consents.length === 0 ? 'unknown' : stateOf(consents, 'profiling'), needsGrant)

/** Of before consents were a part of the state: the traits that said so become consents. */
export const withConsents = (state: Pick<CustomerState, 'traits'>): Pick<CustomerState, 'traits' | 'consents'> => {
  const register = new Register<string, ConsentEntry>([], consentKeyOf)
  const notes = new Map(
    state.traits.flatMap(({ key, source, value }) =>
      key === 'marketing_consent_note' ? [[source, value] as const] : [],
    ),
  )
  for (const { key, value, ...from } of state.traits)
    for (const entry of consentsOfTraits({ [key]: value, marketing_consent_note: notes.get(from.source) }, from))
      keep(register, entry)
  return {
    traits: state.traits.filter(({ key }) => !isConsentTrait(key)),
    consents: register.values,
  }
}
