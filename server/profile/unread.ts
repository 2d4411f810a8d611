import { onceFor } from '../conditions/once-for.ts'
import { seenKey } from '../conditions/seen.ts'
import type { CustomerDoc } from './customers.model.ts'
import type { CustomerState } from './state/state.ts'
import { topicsOf } from './told.ts'
import type { Definitions } from './types.ts'

/**
 * The fields that follow from one part of the state (and from WeCom's word: whoever writes that writes them too), by that part. While
 * their part stays as it is so do they, so an event neither reads nor writes them.
 */
const following = {
  traits: ['name', 'search', 'phones'],
  follows: ['heldBy', 'follows'],
  orders: ['orders', 'spend', 'lastOrderAt', 'lastProduct', 'medianGapDays', 'lateFrom'],
  consents: ['consent', 'consents'],
  groups: ['groupIds'],
  events: ['did'],
} as const satisfies Partial<Record<keyof CustomerState, readonly (keyof CustomerDoc)[]>>

type Part = keyof typeof following
const parts = Object.keys(following).filter((key): key is Part => Object.hasOwn(following, key))

/** What a customer is worked out without. */
export type Unread = (typeof following)[Part][number] | 'attrs' | 'updatedAt'

/** A projection that leaves out what need not be read. */
export const withoutUnread: Readonly<Partial<Record<keyof CustomerDoc, 0>>> = Object.fromEntries(
  ['attrs', 'updatedAt', ...parts.flatMap((part) => following[part])].map((field) => [field, 0 as const]),
)

const sameNames = (a: CustomerState['events'], b: CustomerState['events']): boolean =>
  a === b || (a.length === b.length && a.every(({ n }, i) => n === b[i]?.n))

const sameTopics = (a: CustomerState, b: CustomerState): boolean => {
  if (a.topics === b.topics) return true
  const [was, is] = [topicsOf(a), topicsOf(b)]
  return was.length === is.length && was.every((topic, i) => topic === is[i])
}

/** Parts no attribute follows from as long as managers have none computed; of the topics only which come first. */
const beside: ReadonlySet<string> = new Set([
  'interactions',
  'events',
  'topics',
  'lastSeenAt',
] satisfies (keyof CustomerState)[])
const areComputed = onceFor((attributes: Definitions['attributes']): boolean =>
  attributes.some(({ computation }) => computation !== null),
)
/** What happened last decides which of several values of these counts. */
const byLastSeen: ReadonlySet<string> = new Set([seenKey, 'topics'])

const sameAttrs = (before: CustomerState, after: CustomerState): boolean => {
  const was: Readonly<Record<string, unknown>> = before
  const is: Readonly<Record<string, unknown>> = after
  for (const part in is) if (!beside.has(part) && is[part] !== was[part]) return false
  return (
    before.lastSeenAt !== null &&
    after.lastSeenAt !== null &&
    !after.traits.some(({ key }) => byLastSeen.has(key)) &&
    sameTopics(before, after)
  )
}

/** Which fields of a customer stand as they did though the state is another by now. */
export type StandingOf = (
  doc: Pick<CustomerDoc, 'state' | 'definitions'>,
  after: CustomerState,
  definitions: Definitions,
) => ReadonlySet<string>

const bySome = new Map<number, ReadonlySet<string>>()
const ofAttrs = 1 << parts.length

/** Those that follow from parts that are as they were. Parts that nothing was set in are those of before. */
export const stillStanding: StandingOf = (doc, after, definitions) => {
  const before = doc.state
  let some = 0
  for (const [i, part] of parts.entries())
    if (part === 'events' ? sameNames(before.events, after.events) : before[part] === after[part]) some |= 1 << i
  if (doc.definitions === definitions.version && !areComputed(definitions.attributes) && sameAttrs(before, after))
    some |= ofAttrs
  const known = bySome.get(some)
  if (known !== undefined) return known
  const fields = new Set<string>(parts.flatMap((part, i) => ((some & (1 << i)) === 0 ? [] : following[part])))
  if ((some & ofAttrs) !== 0) fields.add('attrs')
  bySome.set(some, fields)
  return fields
}
