import type { EventPayload } from '@zhiyin/shared/events'
import type { Mongo } from '../platform/mongo.ts'
import { groupChangeModel } from './changes.model.ts'
import { joinedLine, leftLine, stayOf } from './compare.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { groupMemberModel, type GroupMemberDoc } from './members.model.ts'

const keptVersions = 64
/** join_time and CreateTime of one joining may differ by so much. */
const skewMs = 30_000
/** How ids of people outside look; a colleague's userid does not (apis.md §17). */
export const outsideId = /^w[mo][\w-]{20,}$/

type Fields = EventPayload<'change_external_chat.update'>
type Versions = Pick<GroupDoc, '_id' | 'memberVersion' | 'seen' | 'passed'>
type Stay = Pick<GroupMemberDoc, '_id' | 'id' | 'joinedAt' | 'foundAt' | 'leftAt' | 'quitScene' | 'calledScene'>

const briefStay = (chatId: string, id: string, at: Date, now: Date, calledScene: number | null): GroupMemberDoc => {
  const outside = outsideId.test(id)
  return {
    _id: stayOf(chatId, id, at),
    chatId,
    id,
    type: outside ? 2 : 1,
    name: '',
    joinedAt: at,
    // JoinScene 3 is join_scene 3; 0 may be 1 or 2.
    joinScene: calledScene === 3 ? 3 : 0,
    calledScene,
    inviter: null,
    state: null,
    foundAt: now,
    again: false,
    leftAt: now,
    quitScene: null,
    quitAt: null,
    dismissed: false,
    told: outside ? 'no' : 'yes',
  }
}

/** What callbacks tell that groupchat/get does not: how people came and left, and from which version to which the list went. */
export const createTold = ({ connection }: Pick<Mongo, 'connection'>) => {
  const groups = groupModel(connection)
  const members = groupMemberModel(connection)
  const changes = groupChangeModel(connection)

  /** The stay of each that had begun when the event happened. */
  const staysAt = async (chatId: string, ids: readonly string[], at: Date): Promise<Stay[]> => {
    const found = await members
      .find(
        { chatId, id: { $in: [...ids] }, joinedAt: { $lte: at } },
        { id: 1, joinedAt: 1, foundAt: 1, leftAt: 1, quitScene: 1, calledScene: 1 },
      )
      .sort({ joinedAt: -1, _id: -1 })
      .lean<Stay[]>()
    return found.filter(({ id }, index) => found.findIndex((other) => other.id === id) === index)
  }

  const note = (chatId: string, where: 'seen' | 'passed', version: string): Promise<unknown> =>
    groups
      .updateOne(
        { key: chatId, [where]: { $ne: version } },
        { $push: { [where]: { $each: [version], $slice: -keptVersions } } },
      )
      .exec()

  return {
    /**
     * QuitScene, and the moment of the event instead of the moment we noticed. Before or after the list shows it. Answers false when
     * nothing is known yet of how one of them came.
     */
    async quit({ chatId, memChangeList = [], quitScene }: Fields, at: Date): Promise<boolean> {
      if (quitScene === undefined) return true
      const stays = await staysAt(chatId, memChangeList, at)
      for (const { _id, leftAt, quitScene: had } of stays) {
        if (had !== null) continue
        await members.updateOne(
          { _id },
          { $set: { quitScene, quitAt: at, ...(leftAt === null ? {} : { leftAt: at }) } },
        )
        await changes.updateOne({ _id: `${_id}:left` }, { $set: { scene: quitScene, at } })
      }
      return stays.length === new Set(memChangeList).size
    },

    /**
     * Who came by this event and was gone again before the list was read: the callback is all there is of their stay. How they left
     * stands in the event of that, before or after. Answers whether there was anybody.
     */
    async brief({ chatId, memChangeList = [], joinScene }: Fields, at: Date, now: Date): Promise<boolean> {
      const last = new Map(
        (await staysAt(chatId, memChangeList, new Date(at.getTime() + skewMs))).map((stay) => [stay.id, stay]),
      )
      const missing = [...new Set(memChangeList)].filter((id) => {
        const stay = last.get(id)
        if (stay === undefined) return true
        return stay.leftAt !== null && stay.leftAt < at && stay.joinedAt.getTime() < at.getTime() - skewMs
      })
      if (missing.length === 0) return false
      const stays = missing.map((id) => briefStay(chatId, id, at, now, joinScene ?? null))
      await members.bulkWrite(
        stays.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
      )
      const lines = stays.flatMap((stay) => [joinedLine(stay), leftLine(chatId, stay, now)])
      await changes.bulkWrite(
        lines.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
      )
      return true
    },

    /** JoinScene as the callback says it (0 or 3); the list's join_scene (1, 2, 3) stands beside it. */
    async join({ chatId, memChangeList = [], joinScene }: Fields, at: Date): Promise<void> {
      if (joinScene === undefined) return
      const ids = (await staysAt(chatId, memChangeList, at)).flatMap(({ _id, calledScene }) =>
        calledScene === null ? [_id] : [],
      )
      if (ids.length > 0) await members.updateMany({ _id: { $in: ids } }, { $set: { calledScene: joinScene } })
    },

    /** Whether an event told of people who stood in the list when the group was first read: it happened before that. */
    async before(firstRead: number, { chatId, updateDetail, memChangeList = [] }: Fields, at: Date): Promise<boolean> {
      if (updateDetail !== 'add_member') return false
      const stays = await staysAt(chatId, memChangeList, at)
      return (
        stays.length === new Set(memChangeList).size && stays.every(({ foundAt }) => foundAt.getTime() <= firstRead)
      )
    },

    versions: (chatId: string): Promise<Versions | null> =>
      groups.findOne({ key: chatId }, { memberVersion: 1, seen: 1, passed: 1 }).lean<Versions | null>().exec(),

    /** The list has been at this version: a later event may begin there. */
    saw: (chatId: string, version: string): Promise<unknown> => note(chatId, 'seen', version),
    /** The list has left this version behind. */
    passed: (chatId: string, version: string): Promise<unknown> => note(chatId, 'passed', version),
  }
}
