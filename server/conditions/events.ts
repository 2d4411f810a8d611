import { eventKey, mostTimes, type Condition, type EventRef } from '@zhiyin/shared/condition'
import { onceFor } from './once-for.ts'
import type { Subject } from './types.ts'

export const dayMs = 86_400_000

type Events = Subject['events']
type Sequence = Extract<Condition, { type: 'sequence' }>
type Filter = Readonly<Record<string, unknown>>

/** Asked for at every look at every customer. */
const keyOf = onceFor(eventKey)

const timesOf = (events: Events, ref: EventRef): readonly Date[] => {
  const key = keyOf(ref)
  return events.find(({ n }) => n === key)?.at ?? []
}
const since = (days: number, now: Date): Date => new Date(now.getTime() - days * dayMs)

/** How often an event happened within the last days, or ever; at most as often as its newest times are kept. */
export const happened = (events: Events, ref: EventRef, withinDays: number | null, now: Date): number => {
  const times = timesOf(events, ref)
  if (withinDays === null) return Math.min(times.length, mostTimes)
  const from = now.getTime() - withinDays * dayMs
  let count = 0
  for (const at of times) if (at.getTime() > from) count += 1
  return Math.min(count, mostTimes)
}

/** The newest first event that the other one followed in time; null when there is none. */
export const lastPair = (events: Events, { first, next, withinDays, sinceDays }: Sequence, now: Date): Date | null => {
  const from = sinceDays === null ? null : since(sinceDays, now)
  const followers = timesOf(events, next)
  const pair = timesOf(events, first).find(
    (a) =>
      (from === null || a > from) && followers.some((b) => b > a && b.getTime() <= a.getTime() + withinDays * dayMs),
  )
  return pair ?? null
}

type Counted = Pick<Extract<Condition, { type: 'event' }>, 'of' | 'withinDays'>

/** Happened at least so often, as a filter: the count-th newest time lies in the window. */
export const atLeast = ({ of, withinDays }: Counted, count: number, now: Date): Filter => {
  if (count <= 0) return {}
  const nth = `at.${count - 1}`
  const test = withinDays === null ? { $exists: true } : { $gt: since(withinDays, now) }
  const n = eventKey(of)
  // `did` is what the index is on.
  return { did: n, 'state.events': { $elemMatch: { n, [nth]: test } } }
}

const timesIn = (key: string) => ({
  $reduce: {
    input: { $filter: { input: '$state.events', as: 'e', cond: { $eq: ['$$e.n', key] } } },
    initialValue: [],
    in: { $concatArrays: ['$$value', '$$this.at'] },
  },
})

/** The same as `lastPair`; the names narrow it by the index. */
export const pairFilter = ({ first, next, withinDays, sinceDays }: Sequence, now: Date): Filter => {
  const begins = sinceDays === null ? {} : { 'at.0': { $gt: since(sinceDays, now) } }
  const followed = {
    $anyElementTrue: {
      $map: {
        input: timesIn(eventKey(next)),
        as: 'b',
        in: { $and: [{ $gt: ['$$b', '$$a'] }, { $lte: ['$$b', { $add: ['$$a', withinDays * dayMs] }] }] },
      },
    },
  }
  const recent = sinceDays === null ? [] : [{ $gt: ['$$a', since(sinceDays, now)] }]
  return {
    $and: [
      { did: eventKey(first), 'state.events': { $elemMatch: { n: eventKey(first), ...begins } } },
      { did: eventKey(next) },
      {
        $expr: {
          $anyElementTrue: {
            $map: { input: timesIn(eventKey(first)), as: 'a', in: { $and: [...recent, followed] } },
          },
        },
      },
    ],
  }
}

/** When the last of `count` times leaves the window: then, by time alone, there is one less. */
export const leavesAt = (events: Events, { of, withinDays }: Counted, count: number): Date[] => {
  const at = withinDays === null ? undefined : timesOf(events, of)[count - 1]
  return at === undefined || withinDays === null ? [] : [new Date(at.getTime() + withinDays * dayMs)]
}
