import { email, phone } from '../cleaning/text.ts'
import type { Cleaned } from '../cleaning/types.ts'

/** The kinds of identity, the surest first: it decides whose customer a message is where several are known. */
const identityKinds = [
  'external_userid',
  'unionid',
  'openid',
  'user_id',
  'crm_id',
  'phone',
  'email',
  'anonymous_id',
] as const
export type IdentityKind = (typeof identityKinds)[number]
export type Identity = {
  readonly kind: IdentityKind
  readonly value: string
  /** When what is told of them happened: who was erased before that is somebody new, who was erased after it stays erased. */
  readonly at?: Date
  /** When they became a contact by their own doing, where `at` may be that of a hold somebody assigned: by that one nobody erased is made anew. */
  readonly metAt?: Date
}

/** How identities are kept: phones and e-mail addresses by a blind index, never in clear. */
export type Blind = (identity: Identity) => Identity
/** Stands before a blind index, so that it is never taken for a value. */
export const markOfIndex = '#'
/** The blind index behind the mark; a value in clear as it is. */
export const indexOfValue = (value: string): string => (value.startsWith(markOfIndex) ? value.slice(1) : value)
export const inClear: Blind = (identity) => identity

/** Of these a person has one (of openids one in each app); another one is another person, whatever else the two share. */
const onePerPerson: ReadonlySet<string> = new Set<IdentityKind>([
  'external_userid',
  'unionid',
  'openid',
  'user_id',
  'crm_id',
])

const longest = 255
/** What programs send when they know nobody: it would make everybody one customer. */
const nobody = /^(null|undefined|none|nil|nan|n\/a|unknown|anonymous|guest|true|false|\[object object\]|[0-]+)$/i

const valueOf = (cleaned: Cleaned<string>): string | null => ('value' in cleaned ? cleaned.value : null)

/** A phone in its normal form; null for what is no phone. */
export const normalPhone = (text: string): string | null => valueOf(phone(text))

const normal: Readonly<Record<IdentityKind, (value: string) => string | null>> = {
  external_userid: (value) => value.trim(),
  unionid: (value) => value.trim(),
  // `<appid>:<openid>`: an openid means something in its app only.
  openid: (value) => (/^[^:\s]+:[^:\s]+$/.test(value.trim()) ? value.trim() : null),
  user_id: (value) => value.trim(),
  crm_id: (value) => value.trim(),
  phone: normalPhone,
  email: (value) => valueOf(email(value)),
  anonymous_id: (value) => value.trim(),
}

/** An identity in its normal form; null when the value is none of that kind. */
export const identity = (kind: IdentityKind, value: unknown): Identity | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const clean = normal[kind](String(value))
  return clean === null || clean === '' || clean.length > longest || nobody.test(clean) ? null : { kind, value: clean }
}

export const keyOf = ({ kind, value }: Identity): string => `${kind}:${value}`
export const kindOfKey = (key: string): string => key.slice(0, key.indexOf(':'))
export const valueOfKey = (key: string): string => key.slice(key.indexOf(':') + 1)
/** The identity a key stands for; null for a kind there is none of. */
export const identityOfKey = (key: string): Identity | null => {
  const kind = identityKinds.find((one) => one === kindOfKey(key))
  return kind === undefined ? null : { kind, value: valueOfKey(key) }
}

/** What a person has one of: the kind, for openids with its app. Null for what several people may share: phones, e-mail addresses, devices. */
export const slotOf = (key: string): string | null => {
  const kind = kindOfKey(key)
  if (!onePerPerson.has(kind)) return null
  return kind === 'openid' ? key.slice(0, key.indexOf(':', kind.length + 1)) : kind
}

const rank = (key: string): number => identityKinds.findIndex((kind) => kind === kindOfKey(key))

/** Keys, the surest first. */
export const surestFirst = (keys: readonly string[]): string[] => [...keys].sort((a, b) => rank(a) - rank(b))

/** The keys of some identities, surest first, each once. */
export const keysOf = (identities: readonly Identity[]): string[] => surestFirst([...new Set(identities.map(keyOf))])
