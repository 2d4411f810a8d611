import { eventTable, isEventName, type EventHandlers, type EventName, type EventRecord } from '@zhiyin/shared/events'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import { AppError, messageOf, retryOf } from '../platform/errors.ts'
import { createGather } from '../platform/gather.ts'
import type { Log } from '../platform/log.ts'
import { createFinish } from './finish.ts'
import type { HandlerProgress, InboxCollection, InboxDoc } from './inbox.model.ts'

const MAX_ATTEMPTS = 8
/** A passing fault (WeCom away, over its limit) does not make a record dead before it has lasted this long. */
const PATIENCE_MS = 60 * 60_000
/** After a failure BullMQ tries again by itself; the sweep looks later than its last try. */
const AFTER_FAILURE_MS = 2 * 60_000
const MAX_ERROR = 500

type Deps = { inbox: InboxCollection; handlers: EventHandlers; clock: Clock; log: Log }

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
 * Runs what the handlers of one lane still have to do for these records, side by side and each for itself. A failure is noted on its
 * record; the eighth, or one that repeating cannot help, makes the handler dead and leaves it to a person. Then an error is thrown on,
 * for the queue's backoff: the job comes again and finds only what is still to do.
 */
export const createHandle = ({ inbox, handlers, clock, log }: Deps) => {
  const { finish, close } = createFinish(inbox)

  /** Jobs that come together are read together. */
  const load = createGather(
    async (ids: readonly string[]): Promise<(InboxDoc | undefined)[]> => {
      const docs = await inbox.find({ _id: { $in: [...ids] } }).toArray()
      const byId = new Map(docs.map((doc) => [doc._id, doc]))
      return ids.map((id) => byId.get(id))
    },
    { most: 500, restMs: 5 },
  )

  const fail = async (doc: InboxDoc, mine: HandlerProgress, error: unknown): Promise<void> => {
    const retry = retryOf(error)
    const attempts = mine.attempts + 1
    const patient = isPassing(error) && clock.now() - doc.receivedAt.getTime() < PATIENCE_MS
    const dead = retry === 'never' || (attempts >= MAX_ATTEMPTS && !patient)
    const waitMs = (typeof retry === 'object' ? retry.afterMs : 0) + AFTER_FAILURE_MS
    const noted = await inbox.updateOne(
      // Not what another run of the same job has ended meanwhile: its record may be settled.
      { _id: doc._id, replays: doc.replays, handlers: { $elemMatch: { name: mine.name, state: 'pending' } } },
      {
        $set: {
          'handlers.$.state': dead ? 'dead' : 'pending',
          'handlers.$.error': messageOf(error).slice(0, MAX_ERROR),
          nudgeAt: new Date(clock.now() + waitMs),
        },
        $inc: { 'handlers.$.attempts': 1 },
      },
    )
    if (dead && noted.matchedCount === 1) await close([doc._id])
    if (dead) log.error({ err: error, id: doc._id, event: doc.event, handler: mine.name }, 'callback given up')
  }

  const one = async (doc: InboxDoc, mine: HandlerProgress): Promise<void> => {
    try {
      if (!isEventName(doc.event)) throw new AppError('not_found', { params: { what: 'event', id: doc.event } })
      await run(handlers, doc.event, doc, mine.name)
    } catch (error) {
      await fail(doc, mine, error)
      throw error
    }
    await finish({ id: doc._id, replays: doc.replays, name: mine.name })
  }

  return async (ids: readonly string[], lane: HandlerProgress['lane']): Promise<void> => {
    const docs = await Promise.all(ids.map(load))
    const todo = docs.flatMap((doc) =>
      doc === undefined
        ? []
        : doc.handlers.filter((mine) => mine.lane === lane && mine.state === 'pending').map((mine) => one(doc, mine)),
    )
    const results = await Promise.allSettled(todo)
    const errors = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []))
    if (errors.length > 0) throw errors.find((error) => retryOf(error) !== 'never') ?? errors[0]
  }
}
