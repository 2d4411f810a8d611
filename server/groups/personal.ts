import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { groupChangeModel } from './changes.model.ts'
import { groupMemberModel } from './members.model.ts'

/** A person's rows among the members of groups, and the changes that name them. */
export const createGroupsPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const members = groupMemberModel(connection)
  const changes = groupChangeModel(connection)
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
      const named = await changes.updateMany({ ...within, 'person.id': { $in: ids } }, { $set: { person: null } })
      const gone = await members.deleteMany({ id: { $in: ids } })
      return { memberships: gone.deletedCount, changes: named.modifiedCount }
    },
  }
}
