import type { Model } from 'mongoose'
import type { Scope } from '../platform/actor.ts'
import type { TaskDoc } from './tasks.model.ts'
import { itemOf, type TaskItem } from './item.ts'

export type TaskQuery = {
  /** Whose; null: everybody's. */
  scope: Scope
  customerId?: string | undefined
  state: TaskDoc['state']
  limit: number
  after?: string | undefined
}
export type TaskPage = { items: TaskItem[]; next: string | null }

/** One page, soonest due first; the cursor is the order time and id of the last one. */
export const listTasks = async (model: Model<TaskDoc>, query: TaskQuery): Promise<TaskPage> => {
  const [at, id] = query.after?.split('|') ?? []
  const orderAt = new Date(Number(at))
  const beyond =
    id === undefined || Number.isNaN(orderAt.getTime())
      ? {}
      : { $or: [{ orderAt: { $gt: orderAt } }, { orderAt, _id: { $gt: id } }] }
  const found = await model
    .find({
      state: query.state,
      ...(query.scope === null ? {} : { userid: { $in: [...query.scope] } }),
      ...(query.customerId === undefined ? {} : { customerIds: query.customerId }),
      ...beyond,
    })
    .sort({ orderAt: 1, _id: 1 })
    .limit(query.limit + 1)
    .lean()
  const shown = found.slice(0, query.limit)
  const last = shown.at(-1)
  const next = found.length > shown.length && last ? `${last.orderAt.getTime()}|${last._id}` : null
  return { items: shown.map(itemOf), next }
}
