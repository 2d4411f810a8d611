import type { Mongo } from '../platform/mongo.ts'
import type { OwnedRecords } from '../profile/identities/types.ts'
import { taskModel } from './tasks.model.ts'

/** Tasks about a customer. One about several names whoever stands for them now beside them. */
export const createTasksOwned = ({ connection }: Mongo): OwnedRecords => {
  const tasks = taskModel(connection)
  const aboutOne = (id: string) => ({ customerIds: id, 'customerIds.1': { $exists: false } })
  return {
    room: 'tasks',
    async handOn({ from, to }) {
      await tasks.updateMany({ ...aboutOne(from), of: { $exists: false } }, { $set: { customerIds: [to], of: from } })
      await tasks.updateMany(aboutOne(from), { $set: { customerIds: [to] } })
      await tasks.updateMany({ customerIds: from }, { $addToSet: { customerIds: to } })
    },
    async giveBack({ whole, to, parts }) {
      await tasks.updateMany({ customerIds: whole, of: to }, { $set: { customerIds: [to] }, $unset: { of: 1 } })
      await tasks.updateMany({ customerIds: whole, of: { $in: [...parts] } }, { $set: { customerIds: [to] } })
    },
  }
}
