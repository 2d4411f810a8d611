import type { Because } from '@zhiyin/shared/because'
import type { DeliveryState } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Caps } from './caps.ts'
import { intentCollection } from './intents.model.ts'
import type { Tell } from './tell.ts'

/** What became of some receivers of a mass message; `receivers` null: of all who still wait. */
export type Delivered = {
  readonly msgid: string
  readonly delivery: Exclude<DeliveryState, 'none' | 'waiting'>
  readonly receivers: readonly string[] | null
  readonly because: Because
}

type Deps = { mongo: Mongo; clock: Clock; caps: Caps; tell: Tell }

/** How a sent mass message ends for each receiver: from waiting to one of the ends, once. */
export const createDeliveries = ({ mongo, clock, caps, tell }: Deps) => {
  const intents = intentCollection(mongo.connection)
  return {
    /** Writes an end for those who still wait; who did not get it has what it counted given back. */
    async settle({ msgid, delivery, receivers, because }: Delivered): Promise<void> {
      const now = clock.date()
      const ids = receivers === null ? null : [...receivers]
      const who = ids === null ? {} : { $or: [{ externalUserId: { $in: ids } }, { chatId: { $in: ids } }] }
      const waiting = { msgid, delivery: 'waiting' as const, state: 'sent' as const, ...who }
      await intents.updateMany(waiting, {
        $set: { delivery, because: [because], settledAt: now, lookAt: now },
        $push: { history: { state: delivery, at: now, because: [because] } },
      })
      const settled = await intents.find({ msgid, delivery, lookAt: { $exists: true } }).toArray()
      if (delivery !== 'delivered') await caps.release(settled.map(({ _id, customerId }) => ({ id: _id, customerId })))
      await tell(settled)
    },

    /** How many receivers of a message still wait. */
    waiting: (msgid: string): Promise<number> => intents.countDocuments({ msgid, delivery: 'waiting' }),
  }
}
