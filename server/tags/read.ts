import type { Mongo } from '../platform/mongo.ts'
import { tagsModel, type TagDoc } from './tags.model.ts'

export type TagView = {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly wecomId: string | null
  readonly deleted: boolean
}

export type TagsRead = {
  /** Deleted ones too; unknown ids are left out. */
  byIds: (ids: readonly string[]) => Promise<TagView[]>
  byWecomIds: (wecomIds: readonly string[]) => Promise<TagView[]>
  /** What can be used, by group and name. */
  list: () => Promise<TagView[]>
}

export const viewOf = ({ _id, name, group, wecomId, deleted }: TagDoc): TagView => ({
  id: _id,
  name,
  group,
  wecomId,
  deleted,
})

export const createTagsRead = ({ mongo }: { mongo: Mongo }): TagsRead => {
  const model = tagsModel(mongo.connection)
  return {
    byIds: async (ids) => {
      if (ids.length === 0) return []
      const docs = await model.find({ _id: { $in: [...new Set(ids)] } }).lean<TagDoc[]>()
      return docs.map(viewOf)
    },
    byWecomIds: async (wecomIds) => {
      if (wecomIds.length === 0) return []
      const docs = await model.find({ wecomId: { $in: [...new Set(wecomIds)] } }).lean<TagDoc[]>()
      return docs.map(viewOf)
    },
    list: async () => {
      const docs = await model.find({ deleted: false }).sort({ group: 1, name: 1 }).lean<TagDoc[]>()
      return docs.map(viewOf)
    },
  }
}
