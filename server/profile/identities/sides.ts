import { kindOfKey, slotOf } from '../identity.ts'

/** One of those whom a message may speak of: what is known to be theirs, and by which of it the message names them. */
export type Side = {
  /** Null: nobody knew any of it before. */
  readonly id: string | null
  readonly held: ReadonlySet<string>
  readonly named: readonly string[]
}

/** What becomes of two who are named in one message: one person, two of whom a person has to judge, or two and no more to say. */
type Verdict = 'one' | 'doubt' | 'apart'

const slotsOf = (keys: Iterable<string>): Set<string> => new Set([...keys].flatMap((key) => slotOf(key) ?? []))
const byDevice = ({ named }: Side): boolean => named.every((key) => kindOfKey(key) === 'anonymous_id')

/** Whether both have an identity of a kind of which a person has one: they are two people. */
const contradict = (a: Iterable<string>, b: Iterable<string>): boolean => {
  const slots = slotsOf(a)
  return [...slotsOf(b)].some((slot) => slots.has(slot))
}

export const pairOf = (a: string, b: string): string => (a < b ? `${a}~${b}` : `${b}~${a}`)
export const pairsOf = (ids: readonly string[]): [string, string][] =>
  ids.flatMap((a, i) => ids.slice(i + 1).map((b): [string, string] => [a, b]))

/**
 * Two who are named in one message are one person, whatever names them (a login on a device, a phone that shop and WeCom both have): so no
 * order of messages makes a difference. Unless somebody has said that they are not; or each has an account of the same kind. Then a
 * person has to look, but not for a device: it changes hands, and that says nothing.
 */
export const verdictOf = (a: Side, b: Side, apart: ReadonlySet<string>): Verdict => {
  if (a.id !== null && b.id !== null && apart.has(pairOf(a.id, b.id))) return 'apart'
  if (!contradict(a.held, b.held)) return 'one'
  return byDevice(a) || byDevice(b) ? 'apart' : 'doubt'
}

const rankOf = (keys: ReadonlySet<string>): number => {
  const kinds = new Set([...keys].map(kindOfKey))
  if (kinds.has('external_userid')) return 3
  if (slotsOf(keys).size > 0) return 2
  return kinds.has('phone') || kinds.has('email') ? 1 : 0
}

type Known = { readonly id: string; readonly held: ReadonlySet<string> }

/** Who stays when two become one: whom WeCom knows, else who has an account, else who can be reached, else the one known longer. */
export const stays = <T extends Known>(a: T, b: T): T => {
  const surer = rankOf(a.held) - rankOf(b.held)
  if (surer !== 0) return surer > 0 ? a : b
  return a.id < b.id ? a : b
}
