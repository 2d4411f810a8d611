import mongoose from 'mongoose'
import { isEventName, type EventHandlers } from '@zhiyin/shared/events'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { HandlerProgress, InboxDoc, InboxModel } from './inbox.model.ts'
import { keyOf, type Identity } from './key.ts'

const BATCH = 500
const DUPLICATE = 11_000
/** A fresh record is nudged at once; the sweep looks after this long, in case that nudge was lost. */
export const graceMs = 4_000

type Waiting = { readonly doc: InboxDoc; readonly done: () => void; readonly failed: (error: unknown) => void }
type Deps = {
  model: InboxModel
  handlers: EventHandlers
  clock: Clock
  newId: NewId
  enqueue: Enqueue
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
export const createAppend = ({ model, handlers, clock, newId, enqueue, log }: Deps) => {
  let queue: Waiting[] = []
  let writing = false

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
      await model.db
        .collection<InboxDoc>(model.collection.name)
        .insertMany(docs, { ordered: false, writeConcern: { w: 'majority', j: true } })
      return new Set()
    } catch (error) {
      return duplicatesOf(error)
    }
  }

  const raiseCopies = async (copies: readonly InboxDoc[]): Promise<void> => {
    try {
      await model.bulkWrite(
        copies.map((doc) => ({
          updateOne: { filter: { key: doc.key }, update: { $inc: { copies: doc.copies } } },
        })),
        { ordered: false },
      )
    } catch (error) {
      log.warn({ err: error }, 'copies of callbacks not counted')
    }
  }

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    const byKey = new Map<string, InboxDoc>()
    for (const { doc } of batch) {
      const before = byKey.get(doc.key)
      if (before) before.copies += 1
      else byKey.set(doc.key, doc)
    }
    const docs = [...byKey.values()]
    const duplicates = await insert(docs)
    const known = docs.filter((_doc, index) => duplicates.has(index))
    if (known.length > 0) await raiseCopies(known)
    const ids = docs.filter((doc, index) => doc.state === 'pending' && !duplicates.has(index)).map((doc) => doc._id)
    if (ids.length > 0) void enqueue('inbox.fanout', { ids })
  }

  const flush = async (): Promise<void> => {
    writing = true
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH)
      queue = queue.slice(BATCH)
      try {
        await write(batch)
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  return (event: Identity): Promise<void> =>
    new Promise((done, failed) => {
      queue.push({ doc: docOf(event), done, failed })
      if (!writing) void flush()
    })
}
