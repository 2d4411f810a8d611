import { idAt } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { inboxModel } from './inbox.model.ts'

/** Deletes at most `limit` callbacks that came before a moment and are done with; answers how many. Ids sort by time. */
export const createPurgeInbox = ({ connection }: Pick<Mongo, 'connection'>) => {
  const inbox = inboxModel(connection)
  return async (before: Date, limit: number): Promise<number> => {
    const old = await inbox
      .find({ _id: { $lt: idAt('inbox', before.getTime()) }, state: { $ne: 'pending' } }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<{ _id: string }[]>()
    return (await inbox.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } })).deletedCount
  }
}
