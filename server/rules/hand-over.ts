import type { Mongo } from '../platform/mongo.ts'
import { runCollection } from './runs.model.ts'

/** Runs under way that one member brought customers into go on with another, who has taken the customers over. */
export const createRunsHandOver =
  ({ mongo }: { mongo: Mongo }) =>
  async ({ from, to, customerIds }: { from: string; to: string; customerIds: readonly string[] }): Promise<void> => {
    await runCollection(mongo.connection).updateMany(
      { customerId: { $in: [...customerIds] }, open: true, 'context.userid': from },
      { $set: { 'context.userid': to } },
    )
  }
