import type { Mongo } from '../platform/mongo.ts'
import { messageModel, type MessageDoc } from './messages.model.ts'

/** A mass message as results follows it. */
export type OpenMessage = Omit<MessageDoc, '_id' | 'claimId' | 'batchKey' | 'nextAt' | 'state'> & { id: string }

/** The mass messages WeCom has accepted and whose result is not known yet, by the time of the next look. */
export const createOpenMessages = ({ connection }: Pick<Mongo, 'connection'>) => {
  const messages = messageModel(connection)
  return {
    async get(ids: readonly string[]): Promise<OpenMessage[]> {
      const found = await messages.find({ _id: { $in: [...ids] }, state: 'open' }).lean()
      return found.map(({ _id, claimId: _claim, batchKey: _batch, nextAt: _next, state: _state, ...rest }) => ({
        id: _id,
        ...rest,
      }))
    },
    /** Those whose time has come, moved on to `again` so that they are not found at once again. */
    async due(now: Date, again: Date, limit: number): Promise<string[]> {
      const found = await messages
        .find({ nextAt: { $lte: now } }, { _id: 1 })
        .sort({ nextAt: 1 })
        .limit(limit)
        .lean()
      const ids = found.map(({ _id }) => _id)
      if (ids.length > 0)
        await messages.updateMany({ _id: { $in: ids }, nextAt: { $lte: now } }, { $set: { nextAt: again } })
      return ids
    },
    async look(id: string, nextAt: Date): Promise<void> {
      await messages.updateOne({ _id: id, state: 'open' }, { $set: { nextAt }, $inc: { checks: 1 } })
    },
    async close(id: string): Promise<void> {
      await messages.updateOne({ _id: id }, { $set: { state: 'settled' }, $unset: { nextAt: 1 } })
    },
    countDue: (now: Date): Promise<number> => messages.countDocuments({ nextAt: { $lte: now } }),
  }
}

export type OpenMessages = ReturnType<typeof createOpenMessages>
