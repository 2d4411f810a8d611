import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { groupChangeModel, type GroupChangeDoc } from './changes.model.ts'
import { groupMemberModel } from './members.model.ts'

/** A person's rows among the members of groups, and the changes that name them. */
export const createGroupsPersonal = ({ connection, transaction }: Mongo, newId: NewId): Holding => {
  const members = groupMemberModel(connection)
  const changes = groupChangeModel(connection)
  /** That somebody came or went stays; such a line is named after them, so it gets another id. */
  const unname = (ids: readonly string[]): Promise<number> =>
    transaction(async (session) => {
      const lines = await changes
        .find({ 'person.id': { $in: ids } })
        .session(session)
        .lean<GroupChangeDoc[]>()
      const without = lines.map((line) => ({ ...line, _id: newId('groupChange'), person: null }))
      await changes.deleteMany({ _id: { $in: lines.map(({ _id }) => _id) } }, { session })
      await changes.insertMany(without, { session })
      return lines.length
    })

  return {
    room: 'groups',
    collect: async ({ externalUserIds }) => ({
      memberships: await members.find({ id: { $in: [...externalUserIds] } }).lean(),
    }),
    async forget({ externalUserIds }) {
      const ids = [...externalUserIds]
      const chatIds = await members.distinct('chatId', { id: { $in: ids } })
      const within = { chatId: { $in: chatIds } }
      await members.updateMany({ ...within, inviter: { $in: ids } }, { $set: { inviter: null } })
      await changes.updateMany({ ...within, inviter: { $in: ids } }, { $set: { inviter: null } })
      const gone = await members.deleteMany({ id: { $in: ids } })
      return { memberships: gone.deletedCount, changes: await unname(ids) }
    },
  }
}
