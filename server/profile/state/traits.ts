import type { Fact } from '@zhiyin/shared/fact'
import { isSealed } from '../../platform/vault.ts'
import { isConsentTrait } from './consents.ts'
import { traitKey, type Draft } from './draft.ts'
import { write } from './merge.ts'
import type { TraitEntry, TraitSource, TraitValue } from './state.ts'

const longest = 500
const mostParts = 50

/** A trait as the profile can show it; anything nested is left to the fact. Null for what is no value. */
export const traitValue = (value: unknown): TraitValue | null => {
  // What is sealed is longer than what it holds, and of no use when it is cut.
  if (typeof value === 'string' && isSealed(value)) return value
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim().slice(0, longest)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value
  if (!Array.isArray(value)) return null
  const parts = value.filter((part): part is string => typeof part === 'string' && part.trim() !== '')
  return parts.length === 0 ? null : parts.slice(0, mostParts).map((part) => part.trim().slice(0, longest))
}

const rankOf = ({ value, by }: TraitEntry): string => JSON.stringify([value, by ?? ''])

/** Traits that say where to reach somebody: looked up, never asked for by a condition. */
const personal: ReadonlySet<string> = new Set(['phone', 'email', 'address', 'id_number', 'unionid', 'external_userid'])
export const isPersonal = (key: string): boolean => personal.has(key)

/** Who said it; once what files and rules say was told as said by a shop or app. */
const sourceOf = ({ id, source, payload }: Fact<'profile.identified'>): TraitSource => {
  if (payload.source !== 'ingest') return payload.source
  if (source === 'rule') return 'rule'
  return id.startsWith('import:') ? 'import' : 'ingest'
}

/** The last value of each trait per source: two sources that disagree are both kept. A source takes back what it said by null. */
export const identify = (draft: Draft, fact: Fact<'profile.identified'>): void => {
  const { at, payload } = fact
  const source = sourceOf(fact)
  for (const [name, raw] of Object.entries(payload.traits)) {
    const value = traitValue(raw)
    const key = name.slice(0, 100)
    if ((value === null && raw !== null) || key === '' || isConsentTrait(key)) continue
    const entry: TraitEntry = { key, source, value, at, by: payload.by ?? null }
    write(draft.traits, traitKey(key, source), entry, rankOf)
  }
}
