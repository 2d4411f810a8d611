import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { taskModel } from './tasks.model.ts'

/** Tasks about a person. One about several goes on without them. */
export const createTasksPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const tasks = taskModel(connection)
  return {
    room: 'tasks',
    collect: async ({ ids }) => ({ tasks: await tasks.find({ customerIds: { $in: [...ids] } }).lean() }),
    async forget({ ids, names }) {
      const theirs = await tasks.find({ customerIds: { $in: [...ids] } }).lean()
      const others = theirs.filter(({ customerIds }) => customerIds.some((id) => !ids.includes(id)))
      const alone = theirs.filter((task) => !others.includes(task)).map(({ _id }) => _id)
      const { deletedCount } = await tasks.deleteMany({ _id: { $in: alone } })
      for (const { _id, title } of others) {
        const said = names.reduce((text, name) => text.replaceAll(name, '…'), title)
        await tasks.updateOne({ _id }, { $pull: { customerIds: { $in: [...ids] } }, $set: { title: said } })
      }
      return { tasks: deletedCount + others.length }
    },
  }
}
