import mongoose from 'mongoose'
import { isEventName, type EventHandlers } from '@zhiyin/shared/events'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { createGather } from '../platform/gather.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { HandlerProgress, InboxCollection, InboxDoc } from './inbox.model.ts'
import { keyOf, type Identity } from './key.ts'
import type { Nudge } from './nudge.ts'

const BATCH = 500
/** So many may wait for the database; who comes then is refused at once, and WeCom sends it again (three tries in all). */
const mostWaiting = 10_000
/** WeCom cuts a connection after 5 s (callbacks.md §5); an answer before that says that it was not stored. */
const patienceMs = 4_000
const DUPLICATE = 11_000
/** A fresh record is nudged at once; the sweep looks after this long, in case that nudge was lost. */
export const graceMs = 4_000

type Deps = {
  inbox: InboxCollection
  handlers: EventHandlers
  clock: Clock
  newId: NewId
  nudge: Nudge
  log: Log
}

/** The handlers a record has to go through, all still to do; none for an event nobody handles. */
export const freshProgress = (handlers: EventHandlers, event: string): HandlerProgress[] =>
  (isEventName(event) ? (handlers[event] ?? []) : []).map(({ name, lane }) => ({
    name,
    lane,
    state: 'pending',
    attempts: 0,
    error: null,
  }))

export const isHandled = (handlers: EventHandlers, event: string): boolean =>
  isEventName(event) && (handlers[event]?.length ?? 0) > 0

/** Which documents of an unordered insert were there already; throws anything that is not a duplicate key. */
const duplicatesOf = (error: unknown): ReadonlySet<number> => {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error
  const errors = [error.writeErrors].flat()
  if (errors.length === 0 || errors.some((one) => one.code !== DUPLICATE)) throw error
  return new Set(errors.map((one) => one.index))
}

/**
 * Stores callbacks. Those that arrive while a write is under way share the next one. Resolves once the callback is durable, also when
 * it was there already (its `copies` rise). An event nobody handles is stored as ignored. One nudge per written batch.
 */
export const createAppend = ({ inbox, handlers, clock, newId, nudge, log }: Deps) => {
  const docOf = (event: Identity): InboxDoc => {
    const todo = freshProgress(handlers, event.event)
    const now = clock.now()
    return {
      _id: newId('inbox'),
      key: keyOf(event),
      event: event.event,
      fields: { ...event.fields },
      createTime: event.createTime,
      receivedAt: new Date(now),
      state: todo.length > 0 ? 'pending' : 'ignored',
      copies: 1,
      replays: 0,
      handlers: todo,
      nudgeAt: new Date(now + graceMs),
    }
  }

  const insert = async (docs: InboxDoc[]): Promise<ReadonlySet<number>> => {
    try {
      await inbox.insertMany(docs, { ordered: false, writeConcern: { w: 'majority', j: true } })
      return new Set()
    } catch (error) {
      return duplicatesOf(error)
    }
  }

  const raiseCopies = async (copies: readonly InboxDoc[]): Promise<void> => {
    try {
      await inbox.bulkWrite(
        copies.map((doc) => ({
          updateOne: { filter: { key: doc.key }, update: { $inc: { copies: doc.copies } } },
        })),
        { ordered: false },
      )
    } catch (error) {
      log.warn({ err: error }, 'copies of callbacks not counted')
    }
  }

  const write = async (batch: readonly InboxDoc[]): Promise<readonly void[]> => {
    const byKey = new Map<string, InboxDoc>()
    for (const doc of batch) {
      const before = byKey.get(doc.key)
      if (before) before.copies += 1
      else byKey.set(doc.key, doc)
    }
    const docs = [...byKey.values()]
    const duplicates = await insert(docs)
    const known = docs.filter((_doc, index) => duplicates.has(index))
    if (known.length > 0) await raiseCopies(known)
    void nudge(docs.filter((doc, index) => doc.state === 'pending' && !duplicates.has(index)))
    return batch.map(() => undefined)
  }
  // A database that does not answer is not asked again for each: WeCom sends them again.
  const together = createGather(write, { most: BATCH, restMs: 2, alone: false })

  const overloaded = (): AppError => new AppError('storage.unavailable', { status: 503, retry: 'backoff' })
  /** Rejects when it is not durable in time; it may become so later, and is then the same record when it comes again. */
  const inTime = (stored: Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(overloaded()), patienceMs)
      void stored.then(resolve, reject).finally(() => clearTimeout(timer))
    })

  let waiting = 0
  return async (event: Identity): Promise<void> => {
    if (waiting >= mostWaiting) throw overloaded()
    waiting += 1
    const stored = together(docOf(event)).finally(() => (waiting -= 1))
    await inTime(stored)
  }
}
