import type { EventHandlers } from '@zhiyin/shared/events'
import type { Enqueue, EnqueueMany } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Mongo } from '../platform/mongo.ts'
import { createAppend, freshProgress, graceMs } from './append.ts'
import { createHandle } from './handle.ts'
import { inboxModel, type InboxDoc } from './inbox.model.ts'
import type { Identity } from './key.ts'
import { createRefused } from './refused.ts'
import { refusedModel } from './refused.model.ts'
import { createInboxSweep } from './sweep.ts'

export type InboxDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  enqueueMany: EnqueueMany
  log: Log
  metrics: Pick<Metrics, 'callbacks'>
  handlers: EventHandlers
}

export type Inbox = {
  /** Resolves once the callback is durable. */
  append: (event: Identity) => Promise<void>
  /** Job `inbox.fanout`: one job per handler that is still to do. */
  fanout: (ids: readonly string[]) => Promise<void>
  /** Jobs `inbox.handle` and `inbox.handle_now`. */
  handle: (id: string, handler: string) => Promise<void>
  /** Runs every handler of a record again. Throws `not_found`, or `inbox.no_handler` when nothing takes the event. */
  replay: (id: string) => Promise<{ event: string }>
  /** Counts a callback that was refused and not stored. */
  refused: (why: string) => void
  readonly sweep: Sweep
  readonly backlog: BacklogOf
  /** Writes what is counted but not stored yet. */
  close: () => Promise<void>
}

/** The inbox: every callback durable and once, then one job per (record × handler). */
export const createInbox = ({
  mongo,
  clock,
  newId,
  enqueue,
  enqueueMany,
  log,
  metrics,
  handlers,
}: InboxDeps): Inbox => {
  const model = inboxModel(mongo.connection)
  const refused = createRefused(refusedModel(mongo.connection), clock, log)
  const store = createAppend({ model, handlers, clock, newId, enqueue, log })
  const handle = createHandle({ model, handlers, clock, log })

  const fanout = async (ids: readonly string[]): Promise<void> => {
    const docs = await model
      .find({ _id: { $in: [...ids] }, state: 'pending' }, { handlers: 1 })
      .lean<Pick<InboxDoc, '_id' | 'handlers'>[]>()
    await enqueueMany(
      docs.flatMap(({ _id, handlers: progress }) =>
        progress
          .filter((one) => one.state === 'pending')
          .map(({ name, lane }) => ({
            name: lane === 'now' ? ('inbox.handle_now' as const) : ('inbox.handle' as const),
            payload: { id: _id, handler: name },
          })),
      ),
    )
  }

  const replay = async (id: string): Promise<{ event: string }> => {
    const doc = await model.findById(id, { event: 1 }).lean<Pick<InboxDoc, 'event'>>()
    if (!doc) throw notFound('callback', id)
    const todo = freshProgress(handlers, doc.event)
    if (todo.length === 0) throw new AppError('inbox.no_handler', { status: 409, params: { event: doc.event } })
    await model.updateOne(
      { _id: id },
      {
        $set: { state: 'pending', handlers: todo, nudgeAt: new Date(clock.now() + graceMs) },
        $inc: { replays: 1 },
      },
    )
    await enqueue('inbox.fanout', { ids: [id] })
    return { event: doc.event }
  }

  return {
    append: async (event) => {
      await store(event)
      if (freshProgress(handlers, event.event).length === 0) metrics.callbacks.inc({ outcome: 'ignored' })
    },
    fanout,
    handle,
    replay,
    refused: refused.count,
    ...createInboxSweep({ model, enqueue }),
    close: refused.close,
  }
}
