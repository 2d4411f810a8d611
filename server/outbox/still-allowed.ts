import type { SendLimits } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { moved } from './moves.ts'
import { held } from './permit.ts'
import type { OutboxCalendar } from './permits.ts'
import { createAllowed } from './quiet.ts'

type Deps = { mongo: Mongo; clock: Clock; zone: string; calendar: OutboxCalendar; limits: () => Promise<SendLimits> }

const timed: ReadonlySet<IntentDoc['channel']> = new Set(['mass', 'group_mass', 'robot'])

/** A robot keeps to its days, not to hours; what it has begun to say it says to the end. */
const isTimed = ({ channel, progress }: IntentDoc): boolean => timed.has(channel) && (progress?.begun ?? 0) === 0
const hoursOf = ({ channel }: IntentDoc): null | undefined => (channel === 'robot' ? null : undefined)

/**
 * Who of these, permitted before and put back, may still go at this moment. For the others the quiet hours have begun or it is not their
 * day any more: they are decided about anew.
 */
export const createStillAllowed = ({ mongo, clock, zone, calendar, limits }: Deps) => {
  const intents = intentCollection(mongo.connection)
  return async (permitted: readonly IntentDoc[]): Promise<IntentDoc[]> => {
    if (!permitted.some(isTimed)) return [...permitted]
    const [set] = await Promise.all([limits(), calendar.refresh()])
    const at = clock.date()
    const around = { now: at, zone, limits: set, allowed: createAllowed(calendar.isWorkday, zone) }
    const over = new Set(
      permitted.filter((intent) => isTimed(intent) && held(intent, around, hoursOf(intent)) !== null),
    )
    if (over.size === 0) return [...permitted]
    const { guard, update } = moved('defer', { at, because: [], lookAt: at, set: { dueAt: at } })
    await intents.updateMany({ _id: { $in: [...over].map(({ _id }) => _id) }, ...guard }, update)
    return permitted.filter((intent) => !over.has(intent))
  }
}

export type StillAllowed = ReturnType<typeof createStillAllowed>
