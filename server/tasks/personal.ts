import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { taskModel } from './tasks.model.ts'

/** Tasks about a person. One about several goes on without them. */
export const createTasksPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const tasks = taskModel(connection)
  return {
    room: 'tasks',
    collect: async ({ customerId }) => ({ tasks: await tasks.find({ customerIds: customerId }).lean() }),
    async forget({ customerId, names }) {
      const alone = await tasks.deleteMany({ customerIds: { $eq: [customerId] } })
      const others = await tasks.find({ customerIds: customerId }).lean()
      for (const { _id, title } of others) {
        const said = names.reduce((text, name) => text.replaceAll(name, '…'), title)
        await tasks.updateOne({ _id }, { $pull: { customerIds: customerId }, $set: { title: said } })
      }
      return { tasks: alone.deletedCount + others.length }
    },
  }
}
