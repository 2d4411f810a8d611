import type { Mongo } from '../platform/mongo.ts'
import type { TagTerms } from '../profile/types.ts'
import { mostTags } from './limits.ts'
import { groupsModel, tagsModel, type Conflict, type GroupDoc, type TagDoc } from './tags.model.ts'

export type TagView = {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly wecomId: string | null
  readonly deleted: boolean
}

/** A tag or a group as those who order them see it. */
type Standing = { readonly pending: boolean; readonly conflict: Conflict | null }
export type TagRow = TagView &
  Standing & {
    readonly why: TagDoc['why']
    readonly refusal: string | null
    readonly expiry: { readonly days: number } | { readonly at: Date } | null
  }
export type TagBoard = {
  readonly groups: readonly (Standing & {
    readonly id: string
    readonly name: string
    readonly wecomId: string | null
    readonly exclusive: boolean
    readonly tags: readonly TagRow[]
  })[]
  /** How many stand in WeCom, and how many may. */
  readonly used: number
  readonly most: number
}

export type TagsRead = {
  /** Deleted ones too; unknown ids are left out. */
  byIds: (ids: readonly string[]) => Promise<TagView[]>
  byWecomIds: (wecomIds: readonly string[]) => Promise<TagView[]>
  /** What can be used, in WeCom's order of groups and tags. */
  list: () => Promise<TagView[]>
  board: () => Promise<TagBoard>
  /** What holds for tags, whoever puts them on; of deleted ones too, so that none stands again, nor one that they had taken off. */
  terms: () => Promise<TagTerms>
}

export const viewOf = ({ _id, name, group, wecomId, deleted }: TagDoc): TagView => ({
  id: _id,
  name,
  group,
  wecomId,
  deleted,
})

/** The larger order first, then by name. */
const inOrder = (a: Pick<TagDoc, 'order' | 'name'>, b: Pick<TagDoc, 'order' | 'name'>): number =>
  (b.order ?? 0) - (a.order ?? 0) || a.name.localeCompare(b.name, 'zh')

const standingOf = ({ wish, conflict }: Pick<TagDoc, 'wish' | 'conflict'>): Standing => ({
  pending: (wish ?? null) !== null,
  conflict: conflict ?? null,
})

export const createTagsRead = ({ mongo }: { mongo: Mongo }): TagsRead => {
  const model = tagsModel(mongo.connection)
  const groups = groupsModel(mongo.connection)
  const all = async () => {
    const [docs, groupDocs] = await Promise.all([
      model.find({ deleted: false }).lean<TagDoc[]>(),
      groups.find({ deleted: false }).lean<GroupDoc[]>(),
    ])
    return groupDocs.sort(inOrder).map((group) => ({
      group,
      tags: docs.filter((tag) => tag.group === group.name).sort(inOrder),
    }))
  }
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
    terms: async () => {
      const [exclusive, expiring] = await Promise.all([
        groups.find({ exclusive: true }).sort({ _id: 1 }).lean<GroupDoc[]>(),
        model
          .find({ expiry: { $ne: null } })
          .sort({ _id: 1 })
          .lean<TagDoc[]>(),
      ])
      const inGroups = await model
        .find({ group: { $in: exclusive.map(({ name }) => name) } })
        .sort({ _id: 1 })
        .lean<TagDoc[]>()
      // Another group may have the name of one that was deleted: of that one only the deleted tags are.
      const isOf = (group: GroupDoc, tag: TagDoc): boolean =>
        tag.group === group.name && (!group.deleted || tag.deleted)
      return {
        exclusive: exclusive.map((group) => inGroups.flatMap((tag) => (isOf(group, tag) ? [tag._id] : []))),
        expiry: Object.fromEntries(
          expiring.flatMap(({ _id, expiry }) => (expiry === undefined || expiry === null ? [] : [[_id, expiry]])),
        ),
      }
    },
    list: async () => (await all()).flatMap(({ tags }) => tags.map(viewOf)),
    board: async () => {
      const found = (await all()).map(({ group, tags }) => ({
        id: group._id,
        name: group.name,
        wecomId: group.wecomId,
        exclusive: group.exclusive === true,
        ...standingOf(group),
        tags: tags.map((tag) => ({
          ...viewOf(tag),
          ...standingOf(tag),
          why: tag.why ?? null,
          refusal: tag.refusal ?? null,
          expiry: tag.expiry ?? null,
        })),
      }))
      const used = found.flatMap(({ tags }) => tags).filter(({ wecomId }) => wecomId !== null).length
      return { groups: found.filter(({ tags }) => tags.length > 0), used, most: mostTags }
    },
  }
}
