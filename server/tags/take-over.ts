import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CorpTagGroup, WecomRead } from '../wecom/types.ts'
import { settle } from './settle.ts'
import { usedTags, type TagUse } from './uses.ts'
import { groupsModel, tagsModel, type GroupDoc, type Shared, type TagDoc } from './tags.model.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  wecom: Pick<WecomRead, 'corpTags'>
  /** Everything that asks for tags. */
  uses: () => Promise<readonly TagUse[]>
}

/**
 * Deleted there while something here asks for it: it stays as ours alone, on whom it is on, for without it a condition would quietly take
 * others than it was written for ("not 黑名单" everybody). A person is shown it.
 */
const staying = ({ name }: Shared, at: Date) => ({
  wecomId: null,
  told: null,
  wish: null,
  conflict: { ours: name, theirs: '', kept: 'ours' as const, at },
})

/** Deleted there just now: customers are to lose it. */
const clearing = (tag: TagDoc, deleted: boolean, now: Date) =>
  deleted && !tag.deleted ? { clearAfter: '', nextAt: now } : {}

/**
 * Takes over WeCom's list of corp tags, one call for all of them. What we have under way is settled by time; what is not listed any
 * more is deleted, unless something here asks for it; a local one of the same name is the same. `at`: when WeCom was changed, where a callback says so. Safe to repeat.
 */
export const createTakeOver = ({ mongo, clock, newId, wecom, uses }: Deps) => {
  const tags = tagsModel(mongo.connection)
  const groups = groupsModel(mongo.connection)

  const fresh = { deleted: false, wish: null, conflict: null } as const
  /** Ours of the same id, else one that never came there and has the same name. */
  const pick = <T extends Shared>(ours: readonly T[], id: string, isSame: (one: T) => boolean): T | undefined =>
    ours.find((one) => one.wecomId === id) ?? ours.find((one) => one.wecomId === null && !one.deleted && isSame(one))

  const goneOf = <T extends Shared>(ours: readonly T[], there: ReadonlySet<string>): T[] =>
    ours.filter((one) => one.wecomId !== null && !one.deleted && !there.has(one.wecomId))

  /** Those of the tags that are not listed any more which something here asks for. */
  const stillUsed = async (listed: readonly CorpTagGroup[]): Promise<readonly TagDoc[]> => {
    const there = new Set(listed.flatMap((group) => group.tags.map(({ id }) => id)))
    const gone = goneOf(await tags.find({ deleted: false }).lean<TagDoc[]>(), there)
    if (gone.length === 0) return []
    const used = usedTags(await uses())
    return gone.filter(({ _id }) => used.has(_id))
  }

  const takeGroups = async (
    listed: readonly CorpTagGroup[],
    at: Date,
    used: readonly Pick<TagDoc, 'group'>[],
  ): Promise<void> => {
    const ours = await groups.find({}).lean<GroupDoc[]>()
    const operations = listed.map(({ id, name, order }) => {
      const mine = pick(ours, id, (one) => one.name === name)
      const set =
        mine === undefined ? { name, order, told: { name, order }, ...fresh } : settle(mine, { name, order }, at)
      const _id = mine?._id ?? newId('tag')
      return { updateOne: { filter: { _id }, update: { $set: { ...set, wecomId: id } }, upsert: true } }
    })
    const there = new Set(listed.map(({ id }) => id))
    const ends = goneOf(ours, there).map((one) => {
      const stays = used.some(({ group }) => group === one.name)
      return {
        updateOne: { filter: { _id: one._id }, update: { $set: stays ? staying(one, at) : settle(one, null, at) } },
      }
    })
    if (operations.length + ends.length > 0) await groups.bulkWrite([...operations, ...ends], { ordered: false })
  }

  const takeTags = async (
    listed: readonly CorpTagGroup[],
    at: Date,
    used: readonly Pick<TagDoc, '_id'>[],
  ): Promise<number> => {
    const [ours, groupDocs] = await Promise.all([tags.find({}).lean<TagDoc[]>(), groups.find({}).lean<GroupDoc[]>()])
    // A group may have been renamed here and not there yet.
    const nameOf = new Map(
      groupDocs.flatMap(({ wecomId, name }) => (wecomId === null ? [] : [[wecomId, name] as const])),
    )
    const theirs = listed.flatMap((group) =>
      group.tags.map((tag) => ({ ...tag, group: nameOf.get(group.id) ?? group.name })),
    )
    const operations = theirs.map(({ id, name, order, group }) => {
      const mine = pick(ours, id, (one) => one.group === group && one.name === name)
      const set =
        mine === undefined ? { name, order, told: { name, order }, ...fresh } : settle(mine, { name, order }, at)
      const _id = mine?._id ?? newId('tag')
      const rest = { wecomId: id, group, why: null, refusal: null, ...(set.deleted ? {} : { clearAfter: null }) }
      return { updateOne: { filter: { _id }, update: { $set: { ...set, ...rest } }, upsert: true } }
    })
    const there = new Set(theirs.map(({ id }) => id))
    const ends = goneOf(ours, there).map((one) => {
      const stays = used.some(({ _id }) => _id === one._id)
      const set = stays ? staying(one, at) : { ...settle(one, null, at), ...clearing(one, true, clock.date()) }
      return { updateOne: { filter: { _id: one._id }, update: { $set: set } } }
    })
    if (operations.length + ends.length > 0) await tags.bulkWrite([...operations, ...ends], { ordered: false })
    return theirs.length
  }

  return async (at: Date = clock.date()): Promise<{ tags: number }> => {
    const listed = await wecom.corpTags()
    const used = await stillUsed(listed)
    await takeGroups(listed, at, used)
    return { tags: await takeTags(listed, at, used) }
  }
}

export type TakeOver = ReturnType<typeof createTakeOver>
