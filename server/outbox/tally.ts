import type { Connection } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { DeliveryState, IntentState } from '@zhiyin/shared/intent'
import { intentCollection, type IntentDoc } from './intents.model.ts'

export type Tally = { userid: string | null; state: IntentState; delivery: DeliveryState; count: number }

/** A send that arrived at a customer. */
export type Arrived = { id: string; customerId: string; variant: string; at: Date }

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

    /** How many sends of a content stand where, by variant. */
    async tallyOfContent(contentId: string): Promise<(Omit<Tally, 'userid'> & { variant: string })[]> {
      const rows = await intents
        .aggregate<{ _id: Omit<Tally, 'userid' | 'count'> & { variant: string }; count: number }>([
          { $match: { contentId, variant: { $exists: true } } },
          { $group: { _id: { variant: '$variant', state: '$state', delivery: '$delivery' }, count: { $sum: 1 } } },
        ])
        .toArray()
      return rows.map(({ _id, count }) => ({ ..._id, count }))
    },

    /** The newest sends of a content that arrived at customers, and when. */
    async arrivedOf(contentId: string, limit: number): Promise<Arrived[]> {
      const arrived = {
        contentId,
        customerId: { $type: 'string' as const },
        $or: [{ delivery: 'delivered' as const }, { channel: 'welcome' as const, state: 'sent' as const }],
      }
      const projection = { customerId: 1, variant: 1, endedAt: 1, settledAt: 1 }
      const found = await intents.find(arrived, { projection }).sort({ _id: -1 }).limit(limit).toArray()
      return found.flatMap(({ _id: id, customerId, variant, endedAt, settledAt }) => {
        const at = endedAt ?? settledAt
        return customerId === null || variant === undefined || at === null ? [] : [{ id, customerId, variant, at }]
      })
    },

    /** How many of these group pushes have not come to an end: they wait for their time or turn, or for the owner to confirm. */
    openOfPushes: (pushIds: readonly string[]): Promise<number> =>
      intents.countDocuments({ 'cause.pushId': { $in: [...pushIds] }, $or: unfinished }),

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
