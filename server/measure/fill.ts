import type { Fact, FactType } from '@zhiyin/shared/fact'
import type { Goal } from '@zhiyin/shared/rule'
import { createGather } from '../platform/gather.ts'
import type { Mongo } from '../platform/mongo.ts'
import { exposureCollection, type ExposureDoc } from './exposures.model.ts'
import type { Bought, BoughtOf, Matches } from './types.ts'

const dayMs = 86_400_000
/** What is given back so long after a window still counts against what was spent in it. */
const givenBackDays = 90
const perRound = 500

const orderTypes: ReadonlySet<FactType> = new Set<FactType>([
  'order.completed',
  'order.updated',
  'order.cancelled',
  'order.refunded',
])
export const isOfOrders = ({ type }: Pick<Fact, 'type'>): boolean => orderTypes.has(type)

type Deps = {
  mongo: Mongo
  boughtOf: BoughtOf
  matches: Matches
  /** Facts of one kind of a customer since a moment, newest first. */
  factsOf: (customerId: string, type: FactType, since: Date) => Promise<readonly Fact[]>
}

/** The fact a goal asks for, where it is no order that stands. */
const reaches = (goal: Goal | null, fact: Fact, matches: Matches): boolean => {
  if (goal?.on === 'replied') return fact.type === 'customer.replied'
  return goal?.on === 'event' && goal.event !== undefined && matches(goal.event, fact)
}
const goalType = (goal: Goal | null): FactType | null =>
  goal?.on === 'replied' ? 'customer.replied' : goal?.on === 'event' ? (goal.event?.event ?? null) : null

const within = ({ at, until }: ExposureDoc, moment: Date): boolean => moment > at && moment <= until

/** A row as the orders that stand now make it. */
const withOrders = (row: ExposureDoc, bought: readonly Bought[]): Pick<ExposureDoc, 'orders' | 'spent' | 'goalAt'> => {
  const mine = bought.filter(({ at }) => within(row, at))
  const spent = mine.reduce((sum, { net }) => sum + net, 0)
  const goalAt = row.goal?.on === 'ordered' ? (mine[0]?.at ?? null) : row.goalAt
  return { orders: mine.length, spent, goalAt }
}

const same = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime()

/** Fills rows of the log with what customers did within their windows, of those left alone as of those reached. */
export const createFill = ({ mongo, boughtOf, matches, factsOf }: Deps) => {
  const exposures = exposureCollection(mongo.connection)

  /** The rows of one delivery are looked up together, by the customer and the earliest moment asked for. */
  const rowsOf = createGather(
    async (asked: readonly { customerId: string; from: Date }[]): Promise<ExposureDoc[][]> => {
      const customerIds = [...new Set(asked.map(({ customerId }) => customerId))]
      const from = new Date(Math.min(...asked.map((one) => one.from.getTime())))
      const found = await exposures.find({ customerId: { $in: customerIds }, until: { $gte: from } }).toArray()
      return asked.map((one) =>
        found.filter(({ customerId, until }) => customerId === one.customerId && until >= one.from),
      )
    },
  )
  const bought = createGather(async (customerIds: readonly string[]): Promise<(readonly Bought[])[]> => {
    const found = await boughtOf([...new Set(customerIds)])
    return customerIds.map((id) => found.get(id) ?? [])
  })

  const recount = async (rows: readonly ExposureDoc[], orders: readonly Bought[]): Promise<void> => {
    const changed = rows.flatMap((row) => {
      const now = withOrders(row, orders)
      if (row.orders === now.orders && row.spent === now.spent && same(row.goalAt, now.goalAt)) return []
      const { goalAt, ...money } = now
      const $set = row.goal?.on === 'ordered' ? { ...money, goalAt } : money
      return { updateOne: { filter: { _id: row._id }, update: { $set } } }
    })
    if (changed.length > 0) await exposures.bulkWrite(changed, { ordered: false })
  }

  /** Notes the earliest of these facts that is what a row's goal asks for. */
  const reach = async (rows: readonly ExposureDoc[], facts: readonly Fact[]): Promise<void> => {
    const met = rows.flatMap((row) => {
      const times = facts.flatMap((fact) =>
        within(row, fact.at) && reaches(row.goal, fact, matches) ? [fact.at.getTime()] : [],
      )
      if (times.length === 0) return []
      const goalAt = new Date(Math.min(...times))
      const filter = { _id: row._id, $or: [{ goalAt: null }, { goalAt: { $gt: goalAt } }] }
      return { updateOne: { filter, update: { $set: { goalAt } } } }
    })
    if (met.length > 0) await exposures.bulkWrite(met, { ordered: false })
  }

  const settle = async (row: ExposureDoc): Promise<void> => {
    await recount([row], await bought(row.customerId))
    const type = goalType(row.goal)
    if (type !== null && row.goalAt === null) await reach([row], await factsOf(row.customerId, type, row.at))
  }

  return {
    /** Facts of one customer that the profile has; may be told again. */
    async match(customerId: string, facts: readonly Fact[]): Promise<void> {
      if (facts.length === 0) return
      const first = Math.min(...facts.map(({ at }) => at.getTime()))
      const rows = await rowsOf({ customerId, from: new Date(first - givenBackDays * dayMs) })
      if (rows.length === 0) return
      if (facts.some(isOfOrders)) await recount(rows, await bought(customerId))
      await reach(rows, facts)
    },

    /** Windows that are over are worked out once more from what stands, so that nothing that came late or crossed is missing. */
    sweep: {
      stage: 'measure',
      async run(now: Date): Promise<number> {
        const over = await exposures
          .find({ lookAt: { $lte: now } })
          .sort({ lookAt: 1 })
          .limit(perRound)
          .toArray()
        await Promise.all(over.map(settle))
        const ids = over.map(({ _id }) => _id)
        if (ids.length > 0) await exposures.updateMany({ _id: { $in: ids } }, { $unset: { lookAt: 1 } })
        return over.length
      },
    },
    backlog: {
      stage: 'measure',
      async count(now: Date) {
        const [due, oldest] = await Promise.all([
          exposures.countDocuments({ lookAt: { $lte: now } }),
          exposures.findOne({ lookAt: { $lte: now } }, { sort: { lookAt: 1 }, projection: { lookAt: 1 } }),
        ])
        return { pending: 0, due, dead: 0, oldestAt: oldest?.lookAt ?? null }
      },
    },
  }
}
