import { createHash } from 'node:crypto'
import type { PushSchedule } from '@zhiyin/shared/api/push-plans'
import { lastOccurrence, nextOccurrence, type Occurrence } from '@zhiyin/shared/occurrence'
import { zonedTime } from '@zhiyin/shared/zone'

const minuteMs = 60_000

/**
 * Milliseconds an occurrence goes later than planned: on the full and half hour 1 to 5 minutes, else none (limits.md §2: bulk work
 * keeps off :00 and :30). The same for the same plan and occurrence.
 */
const jitterMs = (planId: string, { at, name }: Occurrence, zone: string): number => {
  if (zonedTime(at, zone).minutes % 30 !== 0) return 0
  const hash = createHash('sha256').update(`${planId} ${name}`).digest().readUInt32BE(0)
  return minuteMs + (hash % (4 * minuteMs))
}

const onceOf = (at: string): Occurrence => ({ at: new Date(at), name: at })

/** The next occurrence after a moment and when it goes; null: none is to come. */
export const nextPush = (
  planId: string,
  schedule: PushSchedule,
  after: Date,
  zone: string,
): { at: Date; name: string } | null => {
  const occurrence = schedule.type === 'once' ? onceOf(schedule.at) : nextOccurrence(schedule, after, zone)
  if (occurrence.at.getTime() <= after.getTime()) return null
  return { at: new Date(occurrence.at.getTime() + jitterMs(planId, occurrence, zone)), name: occurrence.name }
}

/** Of the occurrences that have come by now the last one: after a long halt only that one is made up for. */
export const lastPush = (schedule: PushSchedule, now: Date, zone: string): string =>
  schedule.type === 'once' ? schedule.at : lastOccurrence(schedule, now, zone).name
