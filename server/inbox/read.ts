import type { Clock } from '../platform/clock.ts'
import { idAt } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { inboxModel, type HandlerProgress, type InboxDoc, type InboxState } from './inbox.model.ts'
import { refusedModel } from './refused.model.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export type InboxView = {
  readonly id: string
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly createTime: Date | null
  readonly receivedAt: Date
  readonly state: InboxState
  readonly copies: number
  readonly handlers: readonly Omit<HandlerProgress, 'lane'>[]
}

type InboxHealthView = {
  readonly lastAt: Date | null
  readonly lastHour: number
  readonly lastDay: number
  readonly refusedLastDay: number
  readonly pending: number
  readonly dead: number
  readonly ignored: number
  /** Deliveries of the last day beyond the first of each callback. */
  readonly copies: number
  readonly byEvent: readonly { readonly event: string; readonly count: number }[]
}

export type InboxRead = {
  /** Newest first; `after` is the id of the last one seen. */
  list: (query: { state?: InboxState | undefined; limit: number; after?: string | undefined }) => Promise<{
    items: InboxView[]
    next: string | null
  }>
  health: () => Promise<InboxHealthView>
}

const viewOf = ({ _id, event, fields, createTime, receivedAt, state, copies, handlers }: InboxDoc): InboxView => ({
  id: _id,
  event,
  fields,
  createTime,
  receivedAt,
  state,
  copies,
  handlers: handlers.map(({ name, state: reached, attempts, error }) => ({ name, state: reached, attempts, error })),
})

export const createInboxRead = ({ mongo, clock }: { mongo: Mongo; clock: Clock }): InboxRead => {
  const model = inboxModel(mongo.connection)
  const refused = refusedModel(mongo.connection)
  return {
    list: async ({ state, limit, after }) => {
      const docs = await model
        .find({ ...(state ? { state } : {}), ...(after ? { _id: { $lt: after } } : {}) })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<InboxDoc[]>()
      const items = docs.slice(0, limit).map(viewOf)
      return { items, next: docs.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    health: async () => {
      const now = clock.now()
      const lastDay = { _id: { $gte: idAt('inbox', now - DAY_MS) } }
      const [last, lastHour, events, hours, pending, dead, ignored] = await Promise.all([
        model.findOne({}, { receivedAt: 1 }).sort({ _id: -1 }).lean<Pick<InboxDoc, 'receivedAt'>>(),
        model.countDocuments({ _id: { $gte: idAt('inbox', now - HOUR_MS) } }),
        model.aggregate<{ _id: string; count: number; copies: number }>([
          { $match: lastDay },
          { $group: { _id: '$event', count: { $sum: 1 }, copies: { $sum: '$copies' } } },
          { $sort: { count: -1 } },
        ]),
        refused.find({ hour: { $gt: new Date(now - DAY_MS - HOUR_MS) } }).lean<{ count: number }[]>(),
        model.countDocuments({ state: 'pending' }),
        model.countDocuments({ state: 'dead' }),
        model.countDocuments({ state: 'ignored' }),
      ])
      const total = events.reduce((sum, one) => sum + one.count, 0)
      return {
        lastAt: last?.receivedAt ?? null,
        lastHour,
        lastDay: total,
        refusedLastDay: hours.reduce((sum, one) => sum + one.count, 0),
        pending,
        dead,
        ignored,
        copies: events.reduce((sum, one) => sum + one.copies, 0) - total,
        byEvent: events.map(({ _id, count }) => ({ event: _id, count })),
      }
    },
  }
}
