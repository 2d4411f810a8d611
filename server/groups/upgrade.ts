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
  // Groups began as C: whatever else they are, somebody has set.
  const groups = groupModel(connection).collection
  const former = { hand: { $exists: false } }
  const plain = { tierBecause: [], tierSince: null, tags: [] }
  for (const tier of ['A', 'B'] as const)
    await groups.updateMany({ ...former, tier }, { $set: { ...plain, hand: { tier, by: null, at: null } } })
  await groups.updateMany(
    { ...former, kind: 'internal' },
    { $set: { ...plain, hand: { tier: 'C', by: null, at: null } } },
  )
  await groups.updateMany({ ...former, dismissed: false }, { $set: { ...plain, hand: null, tierLookAt: new Date(0) } })
  await groups.updateMany(former, { $set: { ...plain, hand: null } })
}
