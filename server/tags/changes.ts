import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Push } from './push.ts'
import { refuseUsed, type TagUse } from './uses.ts'
import { groupsModel, tagsModel, type GroupDoc, type TagDoc, type Wish } from './tags.model.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  push: Push
  /** Works everybody out anew, after a change of what holds for tags. */
  recompute: () => Promise<void>
  /** Everything that asks for tags. */
  uses: () => Promise<readonly TagUse[]>
}

const exists = (name: string): AppError => new AppError('conflict.exists', { status: 409, params: { name } })

/**
 * Changes a person makes: kept here first, then carried to WeCom at once. What WeCom refuses for good is taken back and thrown; while
 * it cannot be reached the change stands here and follows later.
 */
export const createTagChanges = ({ mongo, clock, newId, push, recompute, uses }: Deps) => {
  const tags = tagsModel(mongo.connection)
  const groups = groupsModel(mongo.connection)

  const wish = (op: Wish['op']): { wish: Wish; nextAt: Date } => {
    const at = clock.date()
    // The change is carried over at once; the sweep looks later, in case that was lost.
    return { wish: { op, at, tries: 0 }, nextAt: new Date(at.getTime() + 10_000) }
  }
  const tagOf = async (id: string): Promise<TagDoc> => {
    const doc = await tags.findOne({ _id: id, deleted: false }).lean<TagDoc | null>()
    if (doc === null) throw notFound('tag', id)
    return doc
  }
  const groupOf = async (id: string): Promise<GroupDoc> => {
    const doc = await groups.findOne({ _id: id, deleted: false }).lean<GroupDoc | null>()
    if (doc === null) throw notFound('tag group', id)
    return doc
  }
  /** A tag that never came to WeCom is still to be made there, under its new name. */
  const opOf = ({ wecomId }: Pick<TagDoc, 'wecomId'>): Wish['op'] => (wecomId === null ? 'create' : 'edit')

  const ensureGroup = async (name: string): Promise<void> => {
    if (await groups.exists({ name, deleted: false })) return
    const doc = {
      _id: newId('tag'),
      name,
      order: 0,
      wecomId: null,
      deleted: false,
      told: null,
      wish: null,
      conflict: null,
    }
    await groups.create([doc])
  }

  return {
    /** Throws conflict.exists. */
    async create({ name, group }: { name: string; group: string }): Promise<TagDoc> {
      if (await tags.exists({ group, name, deleted: false })) throw exists(name)
      await ensureGroup(group)
      const _id = newId('tag')
      const rest = { order: 0, wecomId: null, deleted: false, told: null, conflict: null, why: null, refusal: null }
      await tags.create([{ _id, name, group, ...rest, clearAfter: null, ...wish('create') }])
      await push.tag(_id)
      return tagOf(_id)
    },

    /** Throws not_found, conflict.exists, and what WeCom refuses. */
    async rename(id: string, name: string): Promise<TagDoc> {
      const doc = await tagOf(id)
      if (doc.name === name) return doc
      if (await tags.exists({ group: doc.group, name, deleted: false })) throw exists(name)
      await tags.updateOne({ _id: id }, { $set: { name, conflict: null, ...wish(opOf(doc)) } })
      await push.tag(id)
      return tagOf(id)
    },

    async renameGroup(id: string, name: string): Promise<void> {
      const doc = await groupOf(id)
      if (doc.name === name) return
      if (await groups.exists({ name, deleted: false })) throw exists(name)
      await groups.updateOne({ _id: id }, { $set: { name, conflict: null, ...wish('edit') } })
      await tags.updateMany({ group: doc.name }, { $set: { group: name } })
      await push.group(id)
    },

    /** The tags of a group in this order; without a group, the groups. Ids that are not of it are left alone. */
    async reorder(groupId: string | null, ids: readonly string[]): Promise<void> {
      const list: readonly (TagDoc | GroupDoc)[] =
        groupId === null
          ? await groups.find({ deleted: false }).lean<GroupDoc[]>()
          : await tags.find({ group: (await groupOf(groupId)).name, deleted: false }).lean<TagDoc[]>()
      const known = new Map(list.map((doc) => [doc._id, doc]))
      for (const [at, id] of ids.entries()) {
        const doc = known.get(id)
        const order = ids.length - at
        if (doc === undefined || doc.order === order) continue
        const change = { $set: { order, ...(doc.wecomId === null ? {} : wish('edit')) } }
        if (groupId === null) await groups.updateOne({ _id: id }, change)
        else await tags.updateOne({ _id: id }, change)
        await (groupId === null ? push.group(id) : push.tag(id))
      }
    },

    /** Customers lose it too, in the background. Throws not_found, and tag.in_use, which names where it is used. */
    async remove(id: string): Promise<void> {
      const doc = await tagOf(id)
      refuseUsed(doc.name, [id], await uses())
      const gone = doc.wecomId === null ? { wish: null, nextAt: clock.date() } : wish('delete')
      await tags.updateOne({ _id: id }, { $set: { deleted: true, clearAfter: '', ...gone } })
      await push.tag(id)
    },

    /** With its tags. Throws not_found, and tag.in_use, which names where one of them is used. */
    async removeGroup(id: string): Promise<void> {
      const doc = await groupOf(id)
      const its = await tags.find({ group: doc.name, deleted: false }, { _id: 1 }).lean<Pick<TagDoc, '_id'>[]>()
      refuseUsed(
        doc.name,
        its.map(({ _id }) => _id),
        await uses(),
      )
      const gone = doc.wecomId === null ? { wish: null } : wish('delete')
      await groups.updateOne({ _id: id }, { $set: { deleted: true, ...gone } })
      await push.group(id)
      const waits = await groups.exists({ _id: id, 'wish.op': 'delete' })
      // While the group still stands in WeCom its tags do too: each of them says that it is to go.
      const theirs = waits === null ? { wish: null, nextAt: clock.date() } : wish('delete')
      await tags.updateMany({ group: doc.name, deleted: false }, { $set: { deleted: true, clearAfter: '', ...theirs } })
    },

    /** One of its tags at a time: of those a customer has the newest stays. */
    async setExclusive(id: string, exclusive: boolean): Promise<void> {
      const doc = await groupOf(id)
      if ((doc.exclusive === true) === exclusive) return
      await groups.updateOne({ _id: id }, { $set: { exclusive } })
      await recompute()
    },

    /** Counts for those who have it already, too. */
    async setExpiry(id: string, expiry: { days: number } | { at: Date } | null): Promise<void> {
      await tagOf(id)
      await tags.updateOne({ _id: id }, { $set: { expiry } })
      await recompute()
    },

    /** A person has seen the conflict. */
    async seen(id: string): Promise<void> {
      await Promise.all([
        tags.updateOne({ _id: id }, { $set: { conflict: null } }),
        groups.updateOne({ _id: id }, { $set: { conflict: null } }),
      ])
    },
  }
}

export type TagChanges = ReturnType<typeof createTagChanges>
