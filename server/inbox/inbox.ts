import type { EventHandlers } from '@zhiyin/shared/events'
import type { EnqueueMany } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Mongo } from '../platform/mongo.ts'
import { createAppend, freshProgress, graceMs, isHandled } from './append.ts'
import { createHandle } from './handle.ts'
import { inboxCollection, inboxModel } from './inbox.model.ts'
import type { Identity } from './key.ts'
import { createNudge } from './nudge.ts'
import { createRepair, type Repair } from './repair.ts'
import { createRefused } from './refused.ts'
import { refusedModel } from './refused.model.ts'
import { createInboxSweep } from './sweep.ts'

export type InboxDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueueMany: EnqueueMany
  log: Log
  metrics: Pick<Metrics, 'callbacks'>
  handlers: EventHandlers
}

export type Inbox = {
  /** Resolves once the callback is durable. */
  append: (event: Identity) => Promise<void>
  /** Jobs `inbox.handle` and `inbox.handle_now`: the handlers of one lane. */
  handle: (ids: readonly string[], lane: 'now' | 'soon') => Promise<void>
  /** Runs every handler of a record again. Throws `not_found`, or `inbox.no_handler` when nothing takes the event. */
  replay: (id: string) => Promise<{ event: string }>
  /** Takes in callbacks that never came. */
  readonly repair: Repair
  /** Counts a callback that was refused and not stored. */
  refused: (why: string) => void
  readonly sweep: Sweep
  readonly backlog: BacklogOf
  /** Writes what is counted but not stored yet. */
  close: () => Promise<void>
}

/** The inbox: every callback durable and once; then each handler of each record does its part, and is repeated alone. */
export const createInbox = ({ mongo, clock, newId, enqueueMany, log, metrics, handlers }: InboxDeps): Inbox => {
  const model = inboxModel(mongo.connection)
  const refused = createRefused(refusedModel(mongo.connection), clock, log)
  const inbox = inboxCollection(mongo.connection)
  const nudge = createNudge(enqueueMany)
  const store = createAppend({ inbox, handlers, clock, newId, nudge, log })
  const handle = createHandle({ inbox, handlers, clock, log })

  const replay = async (id: string): Promise<{ event: string }> => {
    const doc = await inbox.findOne({ _id: id }, { projection: { event: 1 } })
    if (!doc) throw notFound('callback', id)
    const todo = freshProgress(handlers, doc.event)
    if (todo.length === 0) throw new AppError('inbox.no_handler', { status: 409, params: { event: doc.event } })
    await inbox.updateOne(
      { _id: id },
      {
        $set: { state: 'pending', handlers: todo, nudgeAt: new Date(clock.now() + graceMs) },
        $inc: { replays: 1 },
      },
    )
    await nudge([{ _id: id, handlers: todo }])
    return { event: doc.event }
  }

  return {
    append: async (event) => {
      await store(event)
      if (!isHandled(handlers, event.event)) metrics.callbacks.inc({ outcome: 'ignored' })
    },
    handle,
    replay,
    repair: createRepair(inbox, store),
    refused: refused.count,
    ...createInboxSweep({ model, nudge }),
    close: refused.close,
  }
}
