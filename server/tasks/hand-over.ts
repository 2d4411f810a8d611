import type { Model } from 'mongoose'
import type { TaskDoc } from './tasks.model.ts'

export type MoveWork = (move: { from: string; to: string; customerIds: readonly string[] }) => Promise<void>

/** The customers' open tasks of one member go to another. A mass message to confirm stays: only its sender can. */
export const createTasksHandOver =
  (model: Model<TaskDoc>): MoveWork =>
  async ({ from, to, customerIds }) => {
    await model.updateMany(
      { customerIds: { $in: [...customerIds] }, state: 'open', userid: from, kind: { $ne: 'confirm_mass' } },
      { $set: { userid: to } },
    )
  }
