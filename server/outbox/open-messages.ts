import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { messageModel, type MessageDoc } from './messages.model.ts'

/** A mass message as results follows it. */
export type OpenMessage = Omit<MessageDoc, '_id' | 'claimId' | 'batchKey' | 'nextAt' | 'nudgeAt' | 'state'> & {
  id: string
}

const openOf = ({
  _id,
  claimId: _claim,
  batchKey: _batch,
  nextAt: _next,
  nudgeAt: _nudge,
  state: _state,
  ...rest
}: MessageDoc): OpenMessage => ({ id: _id, ...rest })

/** The mass messages WeCom has accepted and whose result is not known yet, by the time of the next look. */
export const createOpenMessages = ({ connection }: Pick<Mongo, 'connection'>) => {
  const messages = messageModel(connection)
  return {
    async get(ids: readonly string[]): Promise<OpenMessage[]> {
      const found = await messages.find({ _id: { $in: [...ids] }, state: 'open' }).lean()
      return found.map(openOf)
    },
    /** Those whose time has come; found again only at `again`, unless they have been looked at by then. */
    async due(now: Date, again: Date, limit: number): Promise<string[]> {
      const found = await messages
        .find({ nudgeAt: { $lte: now } }, { _id: 1 })
        .sort({ nudgeAt: 1 })
        .limit(limit)
        .lean()
      const ids = found.map(({ _id }) => _id)
      if (ids.length > 0)
        await messages.updateMany({ _id: { $in: ids }, nudgeAt: { $lte: now } }, { $set: { nudgeAt: again } })
      return ids
    },
    async look(id: string, nextAt: Date): Promise<void> {
      await messages.updateOne({ _id: id, state: 'open' }, { $set: { nextAt, nudgeAt: nextAt }, $inc: { checks: 1 } })
    },
    /** Written before it is stopped in WeCom, so that a crash leaves nobody waiting in a message that cannot be sent any more. */
    async stopping(id: string): Promise<void> {
      await messages.updateOne({ _id: id, state: 'open' }, { $set: { stopping: true } })
    },
    async close(id: string, end: NonNullable<MessageDoc['end']>): Promise<void> {
      await messages.updateOne({ _id: id }, { $set: { state: 'settled', end }, $unset: { nextAt: 1, nudgeAt: 1 } })
    },
    async confirmed(id: string, at: Date): Promise<void> {
      await messages.updateOne({ _id: id, confirmedAt: { $exists: false } }, { $set: { confirmedAt: at } })
    },
    /** Writes a reminder down before it is made; false where somebody else has just done so. */
    async remind(id: string, made: readonly Date[], at: Date): Promise<boolean> {
      const before = made.length === 0 ? { reminders: { $exists: false } } : { reminders: { $size: made.length } }
      const kept = await messages.updateOne({ _id: id, state: 'open', ...before }, { $push: { reminders: at } })
      return kept.modifiedCount === 1
    },
    /** WeCom certainly did not take the reminder. */
    async unremind(id: string, made: readonly Date[], at: Date): Promise<void> {
      const change = made.length === 0 ? { $unset: { reminders: 1 as const } } : { $pull: { reminders: at } }
      await messages.updateOne({ _id: id }, change)
    },
    /** Which of these msgids are ours. */
    async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
      const found = await messages.find({ _id: { $in: [...ids] } }, { _id: 1 }).lean()
      return new Set(found.map(({ _id }) => _id))
    },
    /** The messages of a broadcast, oldest first, settled ones too. */
    async ofBroadcast(broadcastId: string): Promise<OpenMessage[]> {
      return (await messages.find({ broadcastId }).sort({ createdAt: 1 }).lean()).map(openOf)
    },
    /** What waits for its senders, newest first; of all senders where the scope is null. */
    async waiting(scope: Scope, limit: number): Promise<OpenMessage[]> {
      const found = await messages
        .find({
          state: 'open',
          confirmedAt: { $exists: false },
          ...(scope === null ? {} : { sender: { $in: [...scope] } }),
        })
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean()
      return found.map(openOf)
    },
    async find(id: string): Promise<OpenMessage | null> {
      const found = await messages.findById(id).lean()
      return found === null ? null : openOf(found)
    },
    countDue: (now: Date): Promise<number> => messages.countDocuments({ nextAt: { $lte: now } }),
  }
}

export type OpenMessages = ReturnType<typeof createOpenMessages>
