import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { holdModel } from './holds.model.ts'
import { webhookModel } from './webhooks/webhooks.model.ts'
import { runModel } from './runs.model.ts'

/** A person's ways through rules. */
export const createRulesPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const runs = runModel(connection)
  const holds = holdModel(connection)
  const calls = webhookModel(connection)
  const pairs = (customerId: string) => ({ _id: { $gte: `${customerId}:`, $lt: `${customerId};` } })
  return {
    room: 'rules',
    collect: async ({ customerId }) => ({
      runs: await runs.find({ customerId }).lean(),
      webhooks: await calls.find({ customerId }).lean(),
    }),
    forget: async ({ customerId }) => ({
      runs: (await runs.deleteMany({ customerId })).deletedCount,
      webhooks: (await calls.deleteMany({ customerId })).deletedCount,
      holds: (await holds.deleteMany(pairs(customerId))).deletedCount,
    }),
  }
}
