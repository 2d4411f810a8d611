import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { GroupChat } from '../wecom/types.ts'
import { groupChangeModel } from './changes.model.ts'
import { differenceOf, type Difference, type OpenStay } from './compare.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { groupMemberModel, type GroupMemberDoc } from './members.model.ts'

type Deps = { mongo: Mongo; clock: Clock; newId: NewId }

/** A group's tier is worked out so long after its members changed. */
const settleMs = 30_000

const stayFields = { id: 1, type: 1, name: 1, joinedAt: 1, quitAt: 1, quitScene: 1, inviter: 1 } as const

/** Writes what is new of a group: the group, its stays and its timeline in one transaction, as few documents as have changed. */
export const createKeep = ({ mongo, clock, newId }: Deps) => {
  const groups = groupModel(mongo.connection)
  const members = groupMemberModel(mongo.connection)
  const changes = groupChangeModel(mongo.connection)

  /** A stay that we had ended and that is on the list after all gets another identity, so that it can be told again. */
  const freshStays = async (joined: readonly GroupMemberDoc[]): Promise<GroupMemberDoc[]> => {
    const ids = joined.map(({ _id }) => _id)
    const ended = await members.find({ _id: { $in: ids } }, { _id: 1 }).lean<Pick<GroupMemberDoc, '_id'>[]>()
    const had = new Set(ended.map(({ _id }) => _id))
    return joined.map((stay) =>
      had.has(stay._id) ? { ...stay, _id: `${stay._id}:${stay.foundAt.getTime()}`, again: true } : stay,
    )
  }

  const write = async (
    chatId: string,
    kept: GroupDoc | null,
    { set, joined, left, renamed, changes: lines }: Difference,
  ): Promise<boolean> => {
    const now = clock.date()
    const stays = joined.length === 0 ? [] : await freshStays(joined)
    // Who came or went may give the group another tier; together with others who do in the same minute.
    const due = kept === null || kept.hand === null ? { tierLookAt: new Date(now.getTime() + settleMs) } : {}
    const moved = stays.length + left.length > 0 ? { movedAt: now, ...due } : {}
    return mongo.transaction(async (session) => {
      const fresh = {
        _id: newId('group'),
        kind: 'customer' as const,
        chatId,
        tier: 'C' as const,
        status: 0,
        seen: set.memberVersion === null ? [] : [set.memberVersion],
        passed: [],
        webhook: null,
        hand: null,
        tierBecause: [],
        tierSince: now,
        tags: [],
      }
      const guarded = await groups.updateOne(
        kept === null ? { key: chatId } : { _id: kept._id, reads: kept.reads },
        kept === null
          ? { $setOnInsert: { ...fresh, ...set, ...moved, ...due, reads: 1 } }
          : { $set: { ...set, ...moved }, $inc: { reads: 1 } },
        { upsert: kept === null, session },
      )
      const mine = kept === null ? guarded.upsertedCount === 1 : guarded.matchedCount === 1
      if (!mine) return false
      if (stays.length > 0) await members.insertMany(stays, { session })
      const updates = [
        ...left.map(({ stay, at }) => ({
          updateOne: {
            filter: { _id: stay._id },
            update: { $set: { leftAt: at, ...(stay.type === 2 ? { told: 'no' as const } : {}) } },
          },
        })),
        ...renamed.map(({ _id, name }) => ({ updateOne: { filter: { _id }, update: { $set: { name } } } })),
      ]
      if (updates.length > 0) await members.bulkWrite(updates, { session })
      if (lines.length > 0)
        await changes.bulkWrite(
          lines.map(({ _id, ...rest }) => ({
            updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
          })),
          { session },
        )
      return true
    })
  }

  return {
    load: (chatId: string): Promise<GroupDoc | null> => groups.findOne({ key: chatId }).lean<GroupDoc | null>().exec(),

    /** Answers false when somebody else has kept a change since `kept` was loaded; then WeCom has to be read again. */
    async save(chat: GroupChat, kept: GroupDoc | null): Promise<boolean> {
      const open = await members.find({ chatId: chat.chatId, leftAt: null }, stayFields).lean<OpenStay[]>()
      const difference = differenceOf(chat, kept, open, clock.date(), newId)
      return difference.same || write(chat.chatId, kept, difference)
    },

    /** The group is no more; whoever was in it has left with it. The same again changes nothing. */
    async dismiss(chatId: string): Promise<void> {
      const now = clock.date()
      await mongo.transaction(async (session) => {
        const was = await groups
          .findOneAndUpdate(
            { key: chatId, dismissed: false },
            {
              $set: { dismissed: true, members: 0, outsiders: 0, memberVersion: null },
              $inc: { reads: 1 },
              $unset: { tierLookAt: 1 },
            },
            { session, returnDocument: 'before' },
          )
          .lean<GroupDoc | null>()
        if (was === null) return
        const gone = { leftAt: now, dismissed: true }
        await members.updateMany({ chatId, leftAt: null, type: 2 }, { $set: { ...gone, told: 'no' } }, { session })
        await members.updateMany({ chatId, leftAt: null }, { $set: gone }, { session })
        await changes.create(
          [{ _id: newId('groupChange'), chatId, at: now, kind: 'dismissed', from: was.name, members: was.members }],
          { session },
        )
      })
    },
  }
}

export type Keep = ReturnType<typeof createKeep>
