import { eventTable, isEventName, type EventHandlers, type EventName, type EventRecord } from '@zhiyin/shared/events'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import { AppError, messageOf, retryOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { HandlerProgress, InboxDoc, InboxModel } from './inbox.model.ts'

const MAX_ATTEMPTS = 8
/** A passing fault (WeCom away, over its limit) does not make a record dead before it has lasted this long. */
const PATIENCE_MS = 60 * 60_000
/** After a failure BullMQ tries again by itself; the sweep looks later than its last try. */
const AFTER_FAILURE_MS = 2 * 60_000
const MAX_ERROR = 500

type Deps = { model: InboxModel; handlers: EventHandlers; clock: Clock; log: Log }

/** Runs one handler with the record in its event's own type. Throws AppError (never again) for a payload that is not the event's. */
const run = async <N extends EventName>(
  handlers: EventHandlers,
  event: N,
  doc: InboxDoc,
  name: string,
): Promise<void> => {
  const handler = handlers[event]?.find((one) => one.name === name)
  if (handler === undefined) throw new AppError('not_found', { status: 404, params: { what: 'handler', id: name } })
  const fields = eventTable[event].safeParse(doc.fields)
  if (!fields.success) {
    throw new AppError('request.invalid', { params: { field: event, problem: z.prettifyError(fields.error) } })
  }
  const record: EventRecord<N> = {
    id: doc._id,
    key: doc.key,
    event,
    fields: fields.data,
    createTime: doc.createTime ?? doc.receivedAt,
    receivedAt: doc.receivedAt,
  }
  await handler.run(record)
}

/** A fault that is known to pass. */
const isPassing = (error: unknown): boolean => error instanceof AppError && error.retry !== 'never'

/**
 * Runs one handler of one record, unless it is done. A failure is noted on the record; the eighth, or one that repeating cannot help,
 * makes the handler dead and leaves it to a person. The error is thrown on, for the queue's backoff.
 */
export const createHandle = ({ model, handlers, clock, log }: Deps) => {
  /** Settles the record when this was the last handler; `others` are the handlers as loaded. */
  const finish = async (doc: InboxDoc, name: string): Promise<void> => {
    const mine = { _id: doc._id, replays: doc.replays, 'handlers.name': name }
    const done = { 'handlers.$.state': 'done', 'handlers.$.error': null } as const
    if (doc.handlers.every((one) => one.name === name || one.state === 'done')) {
      await model.updateOne(mine, { $set: { ...done, state: 'settled' } })
      return
    }
    const after = await model.findOneAndUpdate(mine, { $set: done }, { returnDocument: 'after' }).lean<InboxDoc>()
    if (after) await close(after)
  }

  /** Gives a record without pending handlers its end. */
  const close = async (doc: InboxDoc): Promise<void> => {
    if (doc.handlers.some((one) => one.state === 'pending')) return
    const state = doc.handlers.some((one) => one.state === 'dead') ? 'dead' : 'settled'
    await model.updateOne({ _id: doc._id, replays: doc.replays }, { $set: { state } })
  }

  const fail = async (doc: InboxDoc, mine: HandlerProgress, error: unknown): Promise<void> => {
    const retry = retryOf(error)
    const attempts = mine.attempts + 1
    const patient = isPassing(error) && clock.now() - doc.receivedAt.getTime() < PATIENCE_MS
    const dead = retry === 'never' || (attempts >= MAX_ATTEMPTS && !patient)
    const waitMs = (typeof retry === 'object' ? retry.afterMs : 0) + AFTER_FAILURE_MS
    const after = await model
      .findOneAndUpdate(
        { _id: doc._id, replays: doc.replays, 'handlers.name': mine.name },
        {
          $set: {
            'handlers.$.state': dead ? 'dead' : 'pending',
            'handlers.$.error': messageOf(error).slice(0, MAX_ERROR),
            nudgeAt: new Date(clock.now() + waitMs),
          },
          $inc: { 'handlers.$.attempts': 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<InboxDoc>()
    if (after) await close(after)
    if (dead) log.error({ err: error, id: doc._id, event: doc.event, handler: mine.name }, 'callback given up')
  }

  return async (id: string, name: string): Promise<void> => {
    const doc = await model.findById(id).lean<InboxDoc>()
    const mine = doc?.handlers.find((one) => one.name === name)
    if (!doc || !mine || mine.state !== 'pending') return
    try {
      if (!isEventName(doc.event)) throw new AppError('not_found', { params: { what: 'event', id: doc.event } })
      await run(handlers, doc.event, doc, name)
    } catch (error) {
      await fail(doc, mine, error)
      throw error
    }
    await finish(doc, name)
  }
}
