import type { Clock } from '../platform/clock.ts'
import { AppError, retryOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomSetup } from '../wecom/types.ts'
import { mostTags } from './limits.ts'
import { groupsModel, tagsModel, type GroupDoc, type TagDoc, type Told, type Wish } from './tags.model.ts'

const LIMIT = 40126
/** What WeCom refused with; null when it was not a refusal. */
const refusalOf = (error: unknown): { errcode: number; hint: string } | null => {
  if (!(error instanceof AppError) || error.code !== 'wecom.refused') return null
  return { errcode: Number(error.params['errcode']), hint: String(error.params['hint'] ?? '') }
}
const dayMs = 86_400_000
const backoffMs = (tries: number): number => Math.min(3_600_000, 5_000 * 2 ** tries)

export type Push = {
  /** Does in WeCom what is wished of this tag. Throws when WeCom refuses it for good; the wish is then taken back. */
  tag: (id: string) => Promise<void>
  group: (id: string) => Promise<void>
}

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  setup: Pick<WecomSetup, 'addCorpTag' | 'editCorpTag' | 'deleteCorpTag'>
}

/** Carries changes made here to WeCom. While WeCom cannot be reached the wish stays and is tried again, more and more slowly. */
export const createPush = ({ mongo, clock, log, setup }: Deps): Push => {
  const tags = tagsModel(mongo.connection)
  const groups = groupsModel(mongo.connection)

  const isLater = (error: unknown): boolean => !(error instanceof AppError) || error.retry !== 'never'

  const laterOf = (wish: Wish, error: unknown) => {
    log.warn({ err: error, wish }, 'WeCom does not have this tag change yet')
    const retry = retryOf(error)
    const waitMs = typeof retry === 'object' ? retry.afterMs : backoffMs(wish.tries)
    return { 'wish.tries': wish.tries + 1, nextAt: new Date(clock.now() + waitMs) }
  }
  /** The change is there; another one made meanwhile is not marked as done. */
  const done = (wish: Wish) => ({ 'wish.at': wish.at })
  const back = { wish: null } as const
  const rest = { $unset: { nextAt: 1 } } as const

  const stays = (doc: TagDoc, why: TagDoc['why'], refusal: string | null) =>
    tags.updateOne({ _id: doc._id }, { $set: { why, refusal, wish: null, nextAt: new Date(clock.now() + dayMs) } })

  const create = async (doc: TagDoc, wish: Wish): Promise<void> => {
    if ((await tags.countDocuments({ deleted: false, wecomId: { $type: 'string' } })) >= mostTags)
      return void (await stays(doc, 'limit', null))
    const group = await groups.findOne({ name: doc.group, deleted: false }).lean<GroupDoc | null>()
    const groupId = group?.wecomId ?? undefined
    try {
      const { name, order } = doc
      const made = await setup.addCorpTag({
        group: doc.group,
        name,
        order,
        ...(groupId === undefined ? {} : { groupId }),
      })
      const told = { name: made.name, order: made.order }
      const other = await tags.findOne({ wecomId: made.id }).lean<TagDoc | null>()
      // The list came first and knows it already.
      if (other !== null && other._id !== doc._id) await tags.deleteOne({ _id: other._id })
      await tags.updateOne(
        { _id: doc._id, ...done(wish) },
        { $set: { wecomId: made.id, told, why: null, refusal: null, ...back }, ...rest },
      )
      if (group !== null && groupId === undefined)
        await groups.updateOne(
          { _id: group._id },
          { $set: { wecomId: made.groupId, told: { name: made.group, order: group.order }, ...back }, ...rest },
        )
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal?.errcode === LIMIT) return void (await stays(doc, 'limit', null))
      if (isLater(error))
        return void (await tags.updateOne({ _id: doc._id, ...done(wish) }, { $set: laterOf(wish, error) }))
      await stays(doc, 'refused', refusal === null ? String(error) : `${refusal.errcode} ${refusal.hint}`)
    }
  }

  /**
   * Another change was made while ours was on its way, here or there. WeCom has ours now, whatever stood there before; so what stands here
   * is carried there once more.
   */
  const overtaken = (_id: string, told: Told) => {
    const nextAt = clock.date()
    const differs = { $or: [{ name: { $ne: told.name } }, { order: { $ne: told.order } }] }
    const wish: Wish = { op: 'edit', at: nextAt, tries: 0 }
    return [
      { updateOne: { filter: { _id, wish: { $ne: null } }, update: { $set: { told, nextAt } } } },
      {
        updateOne: {
          filter: { _id, wish: null, deleted: false, ...differs },
          update: { $set: { told, wish, nextAt } },
        },
      },
    ]
  }

  const editOf = ({ name, order, told }: Pick<TagDoc, 'name' | 'order' | 'told'>) => ({
    ...(told?.name === name ? {} : { name }),
    ...(told?.order === order ? {} : { order }),
  })

  return {
    tag: async (id) => {
      const doc = await tags.findById(id).lean<TagDoc | null>()
      if (doc === null || doc.wish === null) return
      const { wish, wecomId } = doc
      if (wish.op === 'create') return create(doc, wish)
      try {
        if (wecomId !== null && wish.op === 'edit') await setup.editCorpTag({ id: wecomId, ...editOf(doc) })
        if (wecomId !== null && wish.op === 'delete') await setup.deleteCorpTag({ tagId: wecomId })
        const told = { name: doc.name, order: doc.order }
        const keep = doc.clearAfter === null ? rest : {}
        const { matchedCount } = await tags.updateOne({ _id: id, ...done(wish) }, { $set: { told, ...back }, ...keep })
        if (matchedCount === 0 && wish.op === 'edit') await tags.bulkWrite(overtaken(id, told))
      } catch (error) {
        if (isLater(error))
          return void (await tags.updateOne({ _id: id, ...done(wish) }, { $set: laterOf(wish, error) }))
        await tags.updateOne(
          { _id: id, ...done(wish) },
          { $set: { ...back, ...doc.told, deleted: false, clearAfter: null }, ...rest },
        )
        throw error
      }
    },

    group: async (id) => {
      const doc = await groups.findById(id).lean<GroupDoc | null>()
      if (doc === null || doc.wish === null) return
      const { wish, wecomId } = doc
      try {
        if (wecomId !== null && wish.op === 'edit') await setup.editCorpTag({ id: wecomId, ...editOf(doc) })
        if (wecomId !== null && wish.op === 'delete') await setup.deleteCorpTag({ groupId: wecomId })
        const told = { name: doc.name, order: doc.order }
        const { matchedCount } = await groups.updateOne(
          { _id: id, ...done(wish) },
          { $set: { told, ...back }, ...rest },
        )
        if (matchedCount === 0 && wish.op === 'edit') await groups.bulkWrite(overtaken(id, told))
      } catch (error) {
        if (isLater(error))
          return void (await groups.updateOne({ _id: id, ...done(wish) }, { $set: laterOf(wish, error) }))
        const named = doc.told?.name ?? doc.name
        await groups.updateOne({ _id: id, ...done(wish) }, { $set: { ...back, ...doc.told, deleted: false }, ...rest })
        await tags.updateMany({ group: doc.name }, { $set: { group: named } })
        throw error
      }
    },
  }
}
