import type { Mongo } from '../platform/mongo.ts'
import { messageModel, type MessageDoc } from './messages.model.ts'

/** A mass message as results follows it. */
export type OpenMessage = Omit<MessageDoc, '_id' | 'claimId' | 'batchKey' | 'nextAt' | 'nudgeAt' | 'state'> & {
  id: string
}

/** The mass messages WeCom has accepted and whose result is not known yet, by the time of the next look. */
export const createOpenMessages = ({ connection }: Pick<Mongo, 'connection'>) => {
  const messages = messageModel(connection)
  return {
    async get(ids: readonly string[]): Promise<OpenMessage[]> {
      const found = await messages.find({ _id: { $in: [...ids] }, state: 'open' }).lean()
      return found.map(
        ({ _id, claimId: _claim, batchKey: _batch, nextAt: _next, nudgeAt: _nudge, state: _state, ...rest }) => ({
          id: _id,
          ...rest,
        }),
      )
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
    async close(id: string): Promise<void> {
      await messages.updateOne({ _id: id }, { $set: { state: 'settled' }, $unset: { nextAt: 1, nudgeAt: 1 } })
    },
    countDue: (now: Date): Promise<number> => messages.countDocuments({ nextAt: { $lte: now } }),
  }
}

export type OpenMessages = ReturnType<typeof createOpenMessages>
