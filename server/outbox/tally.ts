import type { Connection } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { DeliveryState, IntentState } from '@zhiyin/shared/intent'
import { intentCollection, type IntentDoc } from './intents.model.ts'

export type Tally = { userid: string | null; state: IntentState; delivery: DeliveryState; count: number }

const unfinished = [
  { state: { $in: ['wanted', 'permitted', 'claimed', 'unsure'] satisfies IntentState[] } },
  { state: 'sent' as const, delivery: 'waiting' as const },
]

/** Sums over the intents of broadcasts and of group pushes. */
export const createTally = (connection: Connection) => {
  const intents = intentCollection(connection)
  return {
    /** How many stand where, by rep. */
    async tallyOf(broadcastId: string): Promise<Tally[]> {
      const rows = await intents
        .aggregate<{ _id: Omit<Tally, 'count'>; count: number }>([
          { $match: { 'cause.broadcastId': broadcastId } },
          { $group: { _id: { userid: '$userid', state: '$state', delivery: '$delivery' }, count: { $sum: 1 } } },
        ])
        .toArray()
      return rows.map(({ _id, count }) => ({ ..._id, count }))
    },

    /** How many of each group push stand where. */
    async tallyOfPushes(pushIds: readonly string[]): Promise<(Omit<Tally, 'userid'> & { pushId: string })[]> {
      const rows = await intents
        .aggregate<{ _id: { pushId: string; state: IntentState; delivery: DeliveryState }; count: number }>([
          { $match: { 'cause.pushId': { $in: [...pushIds] } } },
          { $group: { _id: { pushId: '$cause.pushId', state: '$state', delivery: '$delivery' }, count: { $sum: 1 } } },
        ])
        .toArray()
      return rows.map(({ _id, count }) => ({ ..._id, count }))
    },

    /** Why some did not go out or arrive, the most frequent first; the reason of one stands for all with the same code. */
    async reasonsOf(broadcastId: string): Promise<{ because: Because; count: number }[]> {
      const over = {
        $or: [{ state: { $in: ['blocked', 'failed'] } }, { delivery: { $nin: ['none', 'waiting', 'delivered'] } }],
      }
      const first = { $arrayElemAt: ['$because', 0] }
      const rows = await intents
        .aggregate<{ because: IntentDoc['because'][number] | null; count: number }>([
          { $match: { 'cause.broadcastId': broadcastId, ...over } },
          { $project: { first } },
          { $group: { _id: '$first.code', because: { $first: '$first' }, count: { $sum: 1 } } },
          { $sort: { count: -1 } },
        ])
        .toArray()
      return rows.flatMap(({ because, count }) => (because === null ? [] : [{ because, count }]))
    },

    /** Whether some have not come to an end yet. */
    async isOpen(broadcastId: string): Promise<boolean> {
      const open = { 'cause.broadcastId': broadcastId, $or: unfinished }
      return (await intents.findOne(open, { projection: { _id: 1 } })) !== null
    },
  }
}
