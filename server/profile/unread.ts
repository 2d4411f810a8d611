import type { CustomerDoc } from './customers.model.ts'
import type { CustomerState } from './state/state.ts'

/**
 * The fields that follow from one part of the state (and from WeCom's word: whoever writes that writes them too), by that part. While
 * their part stays as it is so do they, so an event neither reads nor writes them.
 */
const following = {
  traits: ['name', 'search', 'phones'],
  follows: ['heldBy', 'follows'],
  orders: ['orders', 'purchases', 'spend', 'lastOrderAt', 'lastProduct', 'medianGapDays', 'lateFrom'],
  consents: ['consent', 'consents'],
  groups: ['groupIds'],
  events: ['did'],
} as const satisfies Partial<Record<keyof CustomerState, readonly (keyof CustomerDoc)[]>>

type Part = keyof typeof following
const parts = Object.keys(following).filter((key): key is Part => Object.hasOwn(following, key))

/** What a customer is worked out without. `attrs` follows from too much to know beforehand whether it stays. */
export type Unread = (typeof following)[Part][number] | 'attrs' | 'updatedAt'

/** A projection that leaves out what need not be read. */
export const withoutUnread: Readonly<Partial<Record<keyof CustomerDoc, 0>>> = Object.fromEntries(
  ['attrs', 'updatedAt', ...parts.flatMap((part) => following[part])].map((field) => [field, 0 as const]),
)

const sameNames = (a: CustomerState['events'], b: CustomerState['events']): boolean =>
  a === b || (a.length === b.length && a.every(({ n }, i) => n === b[i]?.n))

const bySome = new Map<number, ReadonlySet<string>>()

/** Of the fields that follow from one part those whose part is as it was. Parts that nothing was set in are those of before. */
export const stillStanding = (before: CustomerState, after: CustomerState): ReadonlySet<string> => {
  let some = 0
  for (const [i, part] of parts.entries())
    if (part === 'events' ? sameNames(before.events, after.events) : before[part] === after[part]) some |= 1 << i
  const known = bySome.get(some)
  if (known !== undefined) return known
  const fields = new Set(parts.flatMap((part, i) => ((some & (1 << i)) === 0 ? [] : following[part])))
  bySome.set(some, fields)
  return fields
}
