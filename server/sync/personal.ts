import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { gapModel } from './gaps.model.ts'

/** Differences with WeCom's lists that name a person. There are few; nothing else looks them up so. */
export const createSyncPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const gaps = gapModel(connection)
  return {
    room: 'sync',
    collect: async ({ externalUserIds }) => ({
      differences: await gaps.find({ 'subject.externalUserId': { $in: [...externalUserIds] } }).lean(),
    }),
    forget: async ({ externalUserIds }) => ({
      differences: (await gaps.deleteMany({ 'subject.externalUserId': { $in: [...externalUserIds] } })).deletedCount,
    }),
  }
}
