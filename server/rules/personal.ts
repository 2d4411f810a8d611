import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { backtestCollection } from './backtest/backtests.model.ts'
import { holdModel } from './holds.model.ts'
import { webhookModel } from './webhooks/webhooks.model.ts'
import { runModel } from './runs.model.ts'

/** A person's ways through rules. */
export const createRulesPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const runs = runModel(connection)
  const holds = holdModel(connection)
  const calls = webhookModel(connection)
  const backtests = backtestCollection(connection)
  /** A person's way in what was tried on the past; the counts name nobody. */
  const tried = (customerId: string) => ({ 'examples.customerId': customerId })
  const pairs = (customerId: string) => ({ _id: { $gte: `${customerId}:`, $lt: `${customerId};` } })
  return {
    room: 'rules',
    collect: async ({ customerId }) => ({
      runs: await runs.find({ customerId }).lean(),
      webhooks: await calls.find({ customerId }).lean(),
      backtests: (await backtests.find(tried(customerId)).toArray()).flatMap(({ examples }) =>
        examples.filter((one) => one.customerId === customerId),
      ),
    }),
    forget: async ({ customerId }) => ({
      runs: (await runs.deleteMany({ customerId })).deletedCount,
      webhooks: (await calls.deleteMany({ customerId })).deletedCount,
      holds: (await holds.deleteMany(pairs(customerId))).deletedCount,
      // First those under way: their next batch must not bring back what goes now.
      backtestsUnderWay: (await backtests.updateMany({ state: 'running' }, { $inc: { rev: 1 } })).modifiedCount,
      backtests: (await backtests.updateMany(tried(customerId), { $pull: { examples: { customerId } } })).modifiedCount,
    }),
  }
}
