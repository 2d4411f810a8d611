import { intentChannels, type IntentChannel } from '@zhiyin/shared/intent'
import type { Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { intentCollection } from './intents.model.ts'

/** What something still to come will send: by a rule, a broadcast or a group plan, to how many. `count` null: nobody knows yet. */
export type PlannedRow = {
  readonly at: Date
  readonly rule: { readonly id: string; readonly name: string } | null
  readonly broadcast?: { readonly id: string; readonly name: string }
  readonly channel: IntentChannel
  readonly count: number | null
}

/** Whoever knows of sends that are not wanted yet: asked for those of `from` (inclusive) to `to` (exclusive). */
export type PlannedSource = (range: {
  readonly from: Date
  readonly to: Date
  readonly scope: Scope
}) => Promise<readonly PlannedRow[]>

/** `due`: goes out at the next turn; `wanted`: at its time; `held`: by quiet hours, the days it is for, or for want of room. */
export const plannedKinds = ['due', 'wanted', 'held'] as const
export type Planned = PlannedRow & { readonly kind: (typeof plannedKinds)[number]; readonly count: number }

/** Every zone's hours begin at a quarter of an hour of UTC. */
const quarterMs = 900_000
type Group = {
  at: number
  channel: IntentChannel
  cause: { ruleId?: string | null; rule?: string | null; broadcastId?: string | null; broadcast?: string | null }
  held: boolean
}

/** Wanted sends by the quarter of an hour they are to go out in, what is due by now in the present one. */
export const createPlanned = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const intents = intentCollection(mongo.connection)
  return async ({ from, to, scope }: { from: Date; to: Date; scope: Scope }): Promise<Planned[]> => {
    const now = clock.now()
    const isNow = from.getTime() <= now && now < to.getTime()
    const ms = { $subtract: ['$lookAt', new Date(0)] }
    const rows = await intents
      .aggregate<{ _id: Group; count: number }>([
        {
          $match: {
            // Named, for the index of what is due begins with them.
            channel: { $in: [...intentChannels] },
            state: { $in: ['wanted', 'permitted'] },
            lookAt: { ...(isNow ? {} : { $gte: from }), $lt: to },
            along: { $exists: false },
            ...(scope === null ? {} : { userid: { $in: [...scope] } }),
          },
        },
        {
          $group: {
            _id: {
              at: { $subtract: [ms, { $mod: [ms, quarterMs] }] },
              channel: '$channel',
              cause: {
                ruleId: '$cause.ruleId',
                rule: '$cause.rule',
                broadcastId: '$cause.broadcastId',
                broadcast: '$cause.broadcast',
              },
              held: { $gt: [{ $size: '$because' }, 0] },
            },
            count: { $sum: 1 },
          },
        },
      ])
      .toArray()
    return rows.map(({ _id: { at, channel, cause, held }, count }): Planned => {
      const { ruleId = null, rule = null, broadcastId = null, broadcast = null } = cause
      const isDue = at + quarterMs <= now
      return {
        at: new Date(isDue ? now - (now % quarterMs) : at),
        rule: ruleId === null ? null : { id: ruleId, name: rule ?? ruleId },
        ...(broadcastId === null ? {} : { broadcast: { id: broadcastId, name: broadcast ?? broadcastId } }),
        channel,
        count,
        kind: isDue ? 'due' : held ? 'held' : 'wanted',
      }
    })
  }
}
