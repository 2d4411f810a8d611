import type { AttributeValue } from '@zhiyin/shared/attribute'
import { dayMs } from './events.ts'
import type { CustomerFilter } from './filter.ts'

/** The first moment at which anybody is taken to have been seen. */
const epoch = new Date(0)
/** Milliseconds, some 279 years: what brings any moment of today before the epoch. */
const neverSeenShift = 2 ** 43

/**
 * Orders lists by newest activity, and finds who is silent: when somebody was seen last. Whoever was never seen comes after all others, the
 * newest first, with a moment before 1970, so that one index serves both.
 */
export const activeAtOf = (lastSeenAt: Date | null, createdAt: Date): Date =>
  lastSeenAt === null
    ? new Date(createdAt.getTime() - neverSeenShift)
    : new Date(Math.max(lastSeenAt.getTime(), epoch.getTime()))

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * dayMs)

/** Not seen for so many days; whoever was never seen is not silent. */
export const silentFilter = (minDays: number, now: Date): CustomerFilter => ({
  activeAt: { $gte: epoch, $lte: daysBefore(now, minDays) },
})

/** Seen within so many days. */
export const seenFilter = (days: number, now: Date): CustomerFilter => ({ activeAt: { $gt: daysBefore(now, days) } })

/** The attribute that says when somebody was seen. */
export const seenKey = 'last_seen_at'

type Attr = { readonly k: string; readonly v: AttributeValue }
/** An attribute as it is stored; null: it has no value, though one might think so. */
export type StoredAttr = { readonly k: string; readonly v: AttributeValue | null }

const isSeen = ({ k }: StoredAttr): boolean => k === seenKey
const isAt = (value: AttributeValue | null, at: Date): boolean =>
  value instanceof Date && value.getTime() === at.getTime()

/**
 * Attributes as they are stored: when somebody was seen is left out as long as it is `lastSeenAt`, so that not every event moves it in
 * their index.
 */
export const withoutSeen = (attrs: readonly Attr[], lastSeenAt: Date | null): StoredAttr[] => {
  if (lastSeenAt === null) return [...attrs]
  const seen = attrs.find(isSeen)
  if (seen === undefined) return [...attrs, { k: seenKey, v: null }]
  return isAt(seen.v, lastSeenAt) ? attrs.filter((one) => !isSeen(one)) : [...attrs]
}

const hasValue = (attr: StoredAttr): attr is Attr => attr.v !== null

/** The same attributes, read. */
export const withSeen = (stored: readonly StoredAttr[], lastSeenAt: Date | null): readonly Attr[] => {
  const attrs = stored.filter(hasValue)
  return lastSeenAt === null || stored.some(isSeen) ? attrs : [...attrs, { k: seenKey, v: lastSeenAt }]
}

type Tests = Readonly<Record<string, unknown>>
const lowest = new Set(['$gt', '$gte'])

/** The stretch of `activeAt` in which all lie who pass tests of when they were seen; null: a moment never passes them. */
const stretchOf = (tests: Tests): CustomerFilter | null => {
  let [from, to] = [epoch.getTime(), Infinity]
  for (const [operator, operand] of Object.entries(tests)) {
    if (!(operand instanceof Date)) return null
    const at = Math.max(operand.getTime(), epoch.getTime())
    if (lowest.has(operator)) from = Math.max(from, at)
    else to = Math.min(to, at)
  }
  return { activeAt: { $gte: new Date(from), ...(to === Infinity ? {} : { $lte: new Date(to) }) } }
}

/** Tests of when somebody was seen, asked as of an attribute; none: that it is known. */
export const seenAttributeFilter = (tests: Tests): CustomerFilter => {
  const isKnown = Object.keys(tests).length === 0
  const stated = { attrs: { $elemMatch: { k: seenKey, v: isKnown ? { $ne: null } : tests } } }
  const stretch = stretchOf(tests)
  if (stretch === null) return stated
  const exact = isKnown ? {} : { lastSeenAt: tests }
  return { $or: [{ ...stretch, ...exact, 'attrs.k': { $ne: seenKey } }, stated] }
}
