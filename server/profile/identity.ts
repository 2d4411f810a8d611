import { email, phone } from '../cleaning/text.ts'
import type { Cleaned } from '../cleaning/types.ts'

/** The kinds of identity, the surest first: it decides whose customer a message is where several are known. */
export const identityKinds = ['external_userid', 'unionid', 'user_id', 'phone', 'email', 'anonymous_id'] as const
export type IdentityKind = (typeof identityKinds)[number]
export type Identity = { readonly kind: IdentityKind; readonly value: string }

/** Of these a person has one; another one is another person, whatever else the two share. */
export const onePerPerson: ReadonlySet<string> = new Set<IdentityKind>(['external_userid', 'unionid', 'user_id'])

const longest = 255

const valueOf = (cleaned: Cleaned<string>): string | null => ('value' in cleaned ? cleaned.value : null)

/** A phone in its normal form; null for what is no phone. */
export const normalPhone = (text: string): string | null => valueOf(phone(text))

const normal: Readonly<Record<IdentityKind, (value: string) => string | null>> = {
  external_userid: (value) => value.trim(),
  unionid: (value) => value.trim(),
  user_id: (value) => value.trim(),
  phone: normalPhone,
  email: (value) => valueOf(email(value)),
  anonymous_id: (value) => value.trim(),
}

/** An identity in its normal form; null when the value is none of that kind. */
export const identity = (kind: IdentityKind, value: unknown): Identity | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const clean = normal[kind](String(value))
  return clean === null || clean === '' || clean.length > longest ? null : { kind, value: clean }
}

export const keyOf = ({ kind, value }: Identity): string => `${kind}:${value}`
export const kindOfKey = (key: string): string => key.slice(0, key.indexOf(':'))

const rank = (key: string): number => identityKinds.findIndex((kind) => kind === kindOfKey(key))

/** The keys of some identities, surest first, each once. */
export const keysOf = (identities: readonly Identity[]): string[] =>
  [...new Set(identities.map(keyOf))].sort((a, b) => rank(a) - rank(b))
