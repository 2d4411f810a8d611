import { MongoError } from '../errors.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Command, Request, Server, SessionFields } from './request.ts'

function noSuchTransaction(number: bigint, active?: bigint): MongoError {
  return new MongoError(
    251,
    `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${active ?? -1}`,
    ['TransientTransactionError'],
  )
}

/** The transaction a command belongs to: begun if the command says so, otherwise the one in progress. Throws NoSuchTransaction. */
export function transactionOf(server: Server, session: SessionFields, begin: boolean): Transaction {
  const { engine } = server
  const number = session.number
  if (number === undefined)
    throw new MongoError(72, `'autocommit' field requires a transaction number to also be specified`)
  const current = engine.transactions.get(session.lsid)
  if (begin) {
    if (current !== undefined && current.number > number)
      throw new MongoError(
        225,
        `Cannot start transaction ${number} on session because a newer transaction has already started`,
      )
    return engine.begin(session.lsid, number)
  }
  if (current === undefined || current.number !== number) throw noSuchTransaction(number, current?.number)
  if (current.state === 'committed') throw new MongoError(256, `Transaction ${number} has been committed.`)
  if (current.state !== 'active')
    throw new MongoError(251, `Transaction with { txnNumber: ${number} } has been aborted.`, [
      'TransientTransactionError',
    ])
  return current
}

async function commit({ server, session }: Request): Promise<{ ok: number }> {
  const { engine } = server
  if (session?.number === undefined) throw new MongoError(125, 'commitTransaction must be run within a transaction')
  const { lsid, number } = session
  const current = engine.transactions.get(lsid)
  if (current?.number === number) {
    if (current.state === 'active') await engine.commit(lsid, current)
    else if (current.state === 'committing') await current.ended
    if (current.state === 'committed') return { ok: 1 }
    throw new MongoError(251, `Transaction with { txnNumber: ${number} } has been aborted.`, [
      'TransientTransactionError',
    ])
  }
  const record = engine.sessions.get(lsid)
  if (record?.number === number && record.committed === true) return { ok: 1 }
  throw noSuchTransaction(number, current?.number)
}

const commitTransaction: Command = { fields: ['recoveryToken'], run: commit }

const abortTransaction: Command = {
  fields: ['recoveryToken'],
  run({ server, session }) {
    if (session?.number === undefined) throw new MongoError(125, 'abortTransaction must be run within a transaction')
    const current = server.engine.transactions.get(session.lsid)
    if (current?.number !== session.number || current.state === 'aborted')
      throw noSuchTransaction(session.number, current?.number)
    if (current.state !== 'active') throw new MongoError(256, `Transaction ${session.number} has been committed.`)
    current.end('aborted')
    return { ok: 1 }
  },
}

/** The commands that end a transaction. */
export const transactionCommands: Readonly<Record<string, Command>> = { commitTransaction, abortTransaction }
