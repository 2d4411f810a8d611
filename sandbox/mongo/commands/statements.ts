import { asMongoError, MongoError, writeConflict } from '../errors.ts'
import type { Writer } from '../store/access.ts'
import { Locked, type Holder } from '../store/locks.ts'
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

/** Whether waiting for a holder would mean waiting for oneself. */
function isDeadlock(transaction: Transaction, holder: Holder): boolean {
  for (let next: Holder | undefined = holder; next !== undefined; next = next.waitsFor)
    if (next === transaction) return true
  return false
}

/**
 * Waits for what stood in a transaction's way. A first command starts again unnoticed, from a new snapshot. A later one goes on if the
 * holder gives up soon; otherwise it has lost: a conflict, told at once when the two would wait for each other.
 */
async function standBack(transaction: Transaction, met: Locked | MongoError): Promise<void> {
  const { restartable } = transaction
  if (met instanceof MongoError && !restartable) throw met
  if (restartable) transaction.restart()
  if (met instanceof Locked) {
    if (isDeadlock(transaction, met.holder)) throw writeConflict()
    transaction.waitsFor = met.holder
    const patience = new Promise<'late'>((resolve) => setTimeout(resolve, LOCK_WAIT_MS, 'late'))
    const outcome = await (restartable ? met.holder.ended : Promise.race([met.holder.ended, patience]))
    transaction.waitsFor = undefined
    if (outcome === 'late') throw writeConflict()
  } else await new Promise<void>((resolve) => setImmediate(resolve))
  if (transaction.state !== 'active')
    throw new MongoError(251, 'The transaction has been aborted.', ['TransientTransactionError'])
  if (restartable) transaction.restart()
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
  transaction: Transaction,
  count: number,
  ordered: boolean,
  perform: Perform,
): Promise<Progress> {
  const progress = fresh()
  while (progress.next < count && progress.writeErrors.length === 0) {
    const met = attempt(transaction, count, ordered, progress, perform)
    if (met !== undefined) await standBack(transaction, met)
  }
  if (progress.writeErrors.length > 0) transaction.end('aborted')
  return progress
}

/**
 * Runs the statements of a write command. Outside a transaction, concurrent commands share LMDB transactions; a statement that meets a
 * transaction's lock waits for its end. A retried command (same session and number) goes on where its first try stopped.
 */
export async function runStatements(
  request: Request,
  count: number,
  ordered: boolean,
  perform: Perform,
): Promise<Progress> {
  const { server, session, transaction } = request
  if (transaction !== undefined) return inTransaction(transaction, count, ordered, perform)
  const { engine } = server
  const number = session?.number
  const record = session === undefined || number === undefined ? undefined : engine.sessions.get(session.lsid)
  if (record !== undefined && number !== undefined && number < record.number) {
    throw new MongoError(
      225,
      `Retryable write with txnNumber ${number} is prohibited on session because a newer retryable write has already started`,
    )
  }
  const progress = record?.number === number && record?.progress !== undefined ? record.progress : fresh()
  while (progress.next < count) {
    const met = await engine.write((writer) => {
      const locked = advance(writer, count, ordered, progress, perform)
      if (writer.wrote && session !== undefined && number !== undefined)
        engine.sessions.remember(session.lsid, { number, progress })
      return locked
    })
    if (met !== undefined) await met.holder.ended
  }
  return progress
}
