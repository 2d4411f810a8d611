import type { Mongo } from '../platform/mongo.ts'
import { groupModel } from './groups.model.ts'

/** Groups kept before members had a collection of their own get the fields they lack; the next reading fills in who is in them. */
export const upgradeGroups = async ({ connection }: Pick<Mongo, 'connection'>): Promise<void> => {
  const fresh = {
    admins: [],
    notice: '',
    createdAt: null,
    status: 0,
    outsiders: 0,
    memberVersion: null,
    seen: [],
    passed: [],
    reads: 0,
    movedAt: null,
  }
  await groupModel(connection).collection.updateMany(
    { reads: { $exists: false } },
    { $set: fresh, $unset: { outside: '' } },
  )
}
