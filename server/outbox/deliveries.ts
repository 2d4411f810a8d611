import { because, type Because } from '@zhiyin/shared/because'
import type { DeliveryState } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Ended } from './ended.ts'
import { intentCollection } from './intents.model.ts'
import { moved } from './moves.ts'
import { forbidding } from './withdraw.ts'

/** What became of some receivers of a mass message; `receivers` null: of all who still wait. `at`: when it was sent. */
export type Delivered = {
  readonly msgid: string
  readonly delivery: Exclude<DeliveryState, 'none' | 'waiting'>
  readonly receivers: readonly string[] | null
  /** Only these intents, whoever they were for: of somebody erased nobody knows any more. */
  readonly only?: readonly string[]
  readonly because: Because
  readonly at?: Date
}

type Deps = { mongo: Mongo; clock: Clock; ended: Ended }

const perTurn = 2_000

/** How a sent mass message ends for each receiver: from waiting to one of the ends, once. */
export const createDeliveries = ({ mongo, clock, ended }: Deps) => {
  const intents = intentCollection(mongo.connection)
  const waitingIn = (msgid: string) => ({ msgid, delivery: 'waiting' as const })

  /** Writes an end for those who still wait. */
  const settle = async (delivered: Delivered): Promise<void> => {
    const { msgid, delivery, receivers, only, because: reason, at } = delivered
    const now = clock.date()
    const ids = receivers === null ? null : [...receivers]
    const who = ids === null ? {} : { $or: [{ externalUserId: { $in: ids } }, { chatId: { $in: ids } }] }
    const these = only === undefined ? who : { _id: { $in: [...only] } }
    await intents.updateMany(
      { ...waitingIn(msgid), state: 'sent' as const, ...these },
      {
        $set: { delivery, because: [reason], settledAt: now, endedAt: at ?? now, lookAt: now },
        $push: { history: { state: delivery, at: now, because: [reason] } },
      },
    )
    const settled = await intents.find({ msgid, delivery, lookAt: { $exists: true } }).toArray()
    await ended(settled)
  }

  return {
    settle,

    /** How many receivers of a message still wait, how many of them somebody still wants it for, and how many must not get it. */
    async waiting(msgid: string): Promise<{ all: number; wanted: number; forbidden: number }> {
      const found = await intents
        .aggregate<{ _id: string | null; n: number }>([
          { $match: waitingIn(msgid) },
          { $group: { _id: { $ifNull: ['$withdrawn.code', null] }, n: { $sum: 1 } } },
        ])
        .toArray()
      const count = (is: (code: string | null) => boolean): number =>
        found.reduce((sum, { _id, n }) => (is(_id) ? sum + n : sum), 0)
      return {
        all: count(() => true),
        wanted: count((code) => code === null),
        forbidden: count((code) => forbidding.some((one) => one === code)),
      }
    },

    /** The message is cancelled in WeCom: those for whom nobody wanted it any more end so, with the reason why. */
    async takeBack(msgid: string): Promise<void> {
      const gone = { ...waitingIn(msgid), withdrawn: { $exists: true } }
      for (;;) {
        const found = await intents.find(gone).limit(perTurn).toArray()
        const [first] = found
        if (first?.withdrawn === undefined) return
        const reason = first.withdrawn
        const alike = found.filter(({ withdrawn }) => JSON.stringify(withdrawn) === JSON.stringify(reason))
        const only = alike.map(({ _id }) => _id)
        await settle({ msgid, delivery: 'cancelled', receivers: null, only, because: reason })
      }
    },

    /** The message is cancelled in WeCom: those who are still to get it go out again, in one of their own. What they count for stays counted. */
    async again(msgid: string): Promise<void> {
      const at = clock.date()
      const set = { delivery: 'none', msgid: null, dueAt: at }
      const { guard, update } = moved('anew', { at, because: [because('send.again_without')], lookAt: at, set })
      await intents.updateMany({ ...waitingIn(msgid), ...guard }, update)
    },

    /** Says of those nobody wants it for any more that others in the message keep it alive. */
    async keepShared(msgid: string): Promise<void> {
      const shared = because('send.withdrawn_shared')
      await intents.updateMany(
        { ...waitingIn(msgid), withdrawn: { $exists: true }, 'because.code': { $ne: shared.code } },
        { $push: { because: shared } },
      )
    },
  }
}

export type Deliveries = ReturnType<typeof createDeliveries>
