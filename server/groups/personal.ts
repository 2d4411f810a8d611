import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { groupChangeModel, type GroupChangeDoc } from './changes.model.ts'
import { groupMemberModel, type GroupMemberDoc } from './members.model.ts'
import { invitedId, joinedId } from './tell.ts'

/** Takes what names somebody out of the facts of others; `strikeNamed` where their ids do too. Answers of how many. */
type Mentions = {
  strike(ids: readonly string[], mentions: readonly ['payload.inviter']): Promise<number>
  strikeNamed(ids: readonly string[], mentions: readonly ['payload.guest', 'payload.guestName']): Promise<number>
}

/** A person's rows among the members of groups, the changes that name them, and what others' timelines say of them there. */
export const createGroupsPersonal = ({ connection, transaction }: Mongo, newId: NewId, mentions: Mentions): Holding => {
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

  const staysOf = async (filter: object): Promise<string[]> =>
    (await members.find(filter, { _id: 1 }).lean<Pick<GroupMemberDoc, '_id'>[]>()).map(({ _id }) => _id)

  return {
    room: 'groups',
    collect: async ({ externalUserIds }) => ({
      memberships: await members.find({ id: { $in: [...externalUserIds] } }).lean(),
    }),
    async forget({ externalUserIds }) {
      const ids = [...externalUserIds]
      const [own, brought] = await Promise.all([staysOf({ id: { $in: ids } }), staysOf({ inviter: { $in: ids } })])
      // The stays lead to what is told of them, so they go last.
      const mentioned =
        (await mentions.strikeNamed(own.map(invitedId), ['payload.guest', 'payload.guestName'])) +
        (await mentions.strike(brought.map(joinedId), ['payload.inviter']))
      await members.updateMany({ inviter: { $in: ids } }, { $set: { inviter: null } })
      await changes.updateMany({ inviter: { $in: ids } }, { $set: { inviter: null } })
      const gone = await members.deleteMany({ id: { $in: ids } })
      return { memberships: gone.deletedCount, changes: await unname(ids), mentions: mentioned }
    },
  }
}
