import { asMongoError, MongoError, writeConflict } from '../errors.ts'
import type { Writer } from '../store/access.ts'
import type { Engine } from '../store/engine.ts'
import { Locked, type Done, type Locks } from '../store/locks.ts'
import type { Progress } from '../store/sessions.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Doc } from '../bson/values.ts'
import type { Request } from './request.ts'

const TURN_MS = 12
const LOCK_WAIT_MS = 50

/** Does statement number `index`, counting what it did in `progress`. Throws before it has written anything, or having written whole documents. */
export type Perform = (writer: Writer, index: number, progress: Progress) => void

/** A MongoError as an element of writeErrors. */
export function writeError(index: number, error: MongoError): Doc {
  return { index, code: error.code, errmsg: error.message, ...error.extra }
}

function fresh(): Progress {
  return { next: 0, n: 0, nModified: 0, upserted: [], writeErrors: [] }
}

/** Does statements from `progress.next` on until all are done, one fails in an ordered command, or the turn is over. */
function advance(
  writer: Writer,
  count: number,
  ordered: boolean,
  progress: Progress,
  perform: Perform,
): Locked | undefined {
  const until = performance.now() + TURN_MS
  while (progress.next < count) {
    try {
      perform(writer, progress.next, progress)
    } catch (cause) {
      if (cause instanceof Locked) return cause
      const error = asMongoError(cause)
      if (error.code === 112) throw error
      progress.writeErrors.push(writeError(progress.next, error))
      if (ordered) progress.next = count
    }
    progress.next++
    if (progress.next % 16 === 0 && performance.now() > until) break
  }
  return undefined
}

/**
 * Waits for what stood in a transaction's way; answers what to call after the next try. A first command starts again unnoticed, from a new
 * snapshot. A later one goes on if its turn comes soon; otherwise it has lost: a conflict, told at once when the two would wait for each
 * other.
 */
async function standBack(
  locks: Locks,
  transaction: Transaction,
  met: Locked | MongoError,
  again: boolean,
): Promise<Done | undefined> {
  const { restartable } = transaction
  if (met instanceof MongoError && !restartable) throw met
  if (restartable) transaction.restart()
  let done: Done | undefined
  if (met instanceof Locked) {
    if (locks.isDeadlock(transaction, met.resource)) throw writeConflict()
    transaction.waitsFor = met.resource
    done = await locks.turn(met.resource, { alone: true, again, ...(restartable ? {} : { patience: LOCK_WAIT_MS }) })
    transaction.waitsFor = undefined
    if (done === undefined) throw writeConflict()
  } else await new Promise<void>((resolve) => setImmediate(resolve))
  if (transaction.state !== 'active') {
    done?.()
    throw new MongoError(251, 'The transaction has been aborted.', ['TransientTransactionError'])
  }
  if (restartable) transaction.restart()
  return done
}

function attempt(
  transaction: Transaction,
  count: number,
  ordered: boolean,
  progress: Progress,
  perform: Perform,
): Locked | MongoError | undefined {
  try {
    return advance(transaction, count, ordered, progress, perform)
  } catch (cause) {
    const error = asMongoError(cause)
    if (error.code === 112) return error
    throw cause
  }
}

async function inTransaction(
  locks: Locks,
  transaction: Transaction,
  count: number,
  ordered: boolean,
  perform: Perform,
): Promise<Progress> {
  const progress = fresh()
  let last: string | undefined
  let done: Done | undefined
  while (progress.next < count && progress.writeErrors.length === 0) {
    let met: Locked | MongoError | undefined
    try {
      met = attempt(transaction, count, ordered, progress, perform)
    } finally {
      done?.()
    }
    const resource = met instanceof Locked ? met.resource : undefined
    done = met === undefined ? undefined : await standBack(locks, transaction, met, resource === last)
    last = resource
  }
  if (progress.writeErrors.length > 0) transaction.end('aborted')
  return progress
}

/**
 * Runs the statements of a write command. Outside a transaction, concurrent commands share LMDB transactions; a statement that meets a
 * transaction's lock waits for its end. A retried command (same session and number) goes on where its first try stopped.
 */
export function runStatements(request: Request, count: number, ordered: boolean, perform: Perform): Promise<Progress> {
  const { server, session, transaction } = request
  const { engine } = server
  if (transaction !== undefined) return inTransaction(engine.locks, transaction, count, ordered, perform)
  if (session?.number === undefined) return direct(engine, fresh(), count, ordered, perform)
  const { lsid, number } = session
  return engine.sessions.inTurn(lsid, () => {
    const record = engine.sessions.get(lsid)
    if (record !== undefined && number < record.number) {
      throw new MongoError(
        225,
        `Retryable write with txnNumber ${number} is prohibited on session because a newer retryable write has already started`,
      )
    }
    const known = record?.number === number ? record.progress : undefined
    return direct(engine, known ?? fresh(), count, ordered, perform, (progress) =>
      engine.sessions.remember(lsid, { number, progress }),
    )
  })
}

async function direct(
  engine: Engine,
  progress: Progress,
  count: number,
  ordered: boolean,
  perform: Perform,
  remember: (progress: Progress) => void = () => undefined,
): Promise<Progress> {
  let last: string | undefined
  let done: Done | undefined
  while (progress.next < count) {
    let met: Locked | undefined
    try {
      met = await engine.write((writer) => {
        const locked = advance(writer, count, ordered, progress, perform)
        if (writer.wrote) remember(progress)
        return locked
      })
    } finally {
      done?.()
    }
    done =
      met === undefined
        ? undefined
        : await engine.locks.turn(met.resource, { alone: false, again: met.resource === last })
    last = met?.resource
  }
  return progress
}
