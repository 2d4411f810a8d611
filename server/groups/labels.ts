import type { Mongo } from '../platform/mongo.ts'
import { notFound } from '../platform/errors.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { itemOf, type GroupItem } from './item.ts'

/** Labels of ours on groups; WeCom knows none. */
export const createLabels = ({ connection }: Pick<Mongo, 'connection'>) => {
  const groups = groupModel(connection)
  return {
    /** Throws not_found. */
    async set(id: string, tags: readonly string[]): Promise<GroupItem> {
      const doc = await groups
        .findByIdAndUpdate(id, { $set: { tags: [...new Set(tags)] } }, { returnDocument: 'after' })
        .lean<GroupDoc | null>()
      if (doc === null) throw notFound('group', id)
      return itemOf(doc)
    },
    /** The most used first. */
    async all(): Promise<{ tag: string; groups: number }[]> {
      const rows = await groups.aggregate<{ _id: string; n: number }>([
        { $match: { tags: { $gt: '' }, dismissed: false } },
        { $unwind: '$tags' },
        { $group: { _id: '$tags', n: { $sum: 1 } } },
        { $sort: { n: -1, _id: 1 } },
      ])
      return rows.map(({ _id, n }) => ({ tag: _id, groups: n }))
    },
  }
}
