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
  const tried = (ids: readonly string[]) => ({ 'examples.customerId': { $in: [...ids] } })
  const pairs = (ids: readonly string[]) => ({ $or: ids.map((id) => ({ _id: { $gte: `${id}:`, $lt: `${id};` } })) })
  return {
    room: 'rules',
    collect: async ({ ids }) => ({
      runs: await runs.find({ customerId: { $in: [...ids] } }).lean(),
      webhooks: await calls.find({ customerId: { $in: [...ids] } }).lean(),
      backtests: (await backtests.find(tried(ids)).toArray()).flatMap(({ examples }) =>
        examples.filter((one) => ids.includes(one.customerId)),
      ),
    }),
    forget: async ({ ids }) => ({
      runs: (await runs.deleteMany({ customerId: { $in: [...ids] } })).deletedCount,
      webhooks: (await calls.deleteMany({ customerId: { $in: [...ids] } })).deletedCount,
      holds: (await holds.deleteMany(pairs(ids))).deletedCount,
      // First those under way: their next batch must not bring back what goes now.
      backtestsUnderWay: (await backtests.updateMany({ state: 'running' }, { $inc: { rev: 1 } })).modifiedCount,
      backtests: (await backtests.updateMany(tried(ids), { $pull: { examples: { customerId: { $in: [...ids] } } } }))
        .modifiedCount,
    }),
  }
}
