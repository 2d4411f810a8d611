import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep, BacklogOf } from '../flow/sweep.ts'
import { eachInBatches } from '../platform/parallel.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerModel } from './customers.model.ts'

const perJob = 100
const perRound = 5000
const againMs = 30_000

type Deps = {
  passTime: (customerIds: readonly string[]) => Promise<readonly string[]>
  /** Customers who moved have facts for the rules. */
  nudgeFacts: (customerIds: readonly string[]) => Promise<void>
}

/** 'profile.due': a boundary has passed for these customers; each moves at that moment, in order. */
export const createDue =
  ({ passTime, nudgeFacts }: Deps) =>
  async (customerIds: readonly string[]): Promise<void> => {
    const moved: string[] = []
    try {
      await eachInBatches([...new Set(customerIds)], async (batch) => {
        moved.push(...(await passTime(batch)))
      })
    } finally {
      if (moved.length > 0) await nudgeFacts(moved)
    }
  }

/** Finds by index whose boundary has passed; next look 30 s later. */
export const createDueSweep = ({ mongo, enqueue }: { mongo: Mongo; enqueue: Enqueue }): Sweep => {
  const customers = customerModel(mongo.connection)
  return {
    stage: 'profile',
    async run(now) {
      const found = await customers
        .find({ lookAt: { $lte: now } }, { _id: 1 })
        .sort({ lookAt: 1 })
        .limit(perRound)
        .lean<{ _id: string }[]>()
      const ids = found.map(({ _id }) => _id)
      if (ids.length === 0) return 0
      await customers.updateMany(
        { _id: { $in: ids }, lookAt: { $lte: now } },
        { $set: { lookAt: new Date(now.getTime() + againMs) } },
      )
      for (let from = 0; from < ids.length; from += perJob)
        await enqueue('profile.due', { customerIds: ids.slice(from, from + perJob) })
      return ids.length
    },
  }
}

/** Customers whose boundary has passed and who were not worked out yet. */
export const createDueBacklog = ({ connection }: Mongo): BacklogOf => {
  const customers = customerModel(connection)
  return {
    stage: 'profile',
    async count(now) {
      // Whoever is overdue is looked for before `againMs` from now, so the index on `lookAt` finds them.
      const overdue = { lookAt: { $lte: new Date(now.getTime() + againMs) }, nextDueAt: { $lte: now } }
      const [due, oldest] = await Promise.all([
        customers.countDocuments(overdue),
        customers.findOne(overdue, { nextDueAt: 1 }).sort({ lookAt: 1 }).lean<{ nextDueAt: Date | null } | null>(),
      ])
      return { pending: 0, due, dead: 0, oldestAt: oldest?.nextDueAt ?? null }
    },
  }
}
