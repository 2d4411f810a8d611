import type { EventPayload } from '@zhiyin/shared/events'
import type { Mongo } from '../platform/mongo.ts'
import { groupChangeModel } from './changes.model.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { groupMemberModel, type GroupMemberDoc } from './members.model.ts'

const keptVersions = 64

type Fields = EventPayload<'change_external_chat.update'>
type Versions = Pick<GroupDoc, 'memberVersion' | 'seen' | 'passed'>
type Stay = Pick<GroupMemberDoc, '_id' | 'id' | 'leftAt' | 'quitScene' | 'calledScene'>

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
        { id: 1, leftAt: 1, quitScene: 1, calledScene: 1 },
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
    /** QuitScene, and the moment of the event instead of the moment we noticed. Before or after the list shows it. */
    async quit({ chatId, memChangeList = [], quitScene }: Fields, at: Date): Promise<void> {
      if (quitScene === undefined) return
      for (const { _id, leftAt, quitScene: had } of await staysAt(chatId, memChangeList, at)) {
        if (had !== null) continue
        await members.updateOne(
          { _id },
          { $set: { quitScene, quitAt: at, ...(leftAt === null ? {} : { leftAt: at }) } },
        )
        await changes.updateOne({ _id: `${_id}:left` }, { $set: { scene: quitScene, at } })
      }
    },

    /** JoinScene as the callback says it (0 or 3); the list's join_scene (1, 2, 3) stands beside it. */
    async join({ chatId, memChangeList = [], joinScene }: Fields, at: Date): Promise<void> {
      if (joinScene === undefined) return
      const ids = (await staysAt(chatId, memChangeList, at)).flatMap(({ _id, calledScene }) =>
        calledScene === null ? [_id] : [],
      )
      if (ids.length > 0) await members.updateMany({ _id: { $in: ids } }, { $set: { calledScene: joinScene } })
    },

    versions: (chatId: string): Promise<Versions | null> =>
      groups.findOne({ key: chatId }, { memberVersion: 1, seen: 1, passed: 1 }).lean<Versions | null>().exec(),

    /** The list has been at this version: a later event may begin there. */
    saw: (chatId: string, version: string): Promise<unknown> => note(chatId, 'seen', version),
    /** The list has left this version behind. */
    passed: (chatId: string, version: string): Promise<unknown> => note(chatId, 'passed', version),
  }
}
