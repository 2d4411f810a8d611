import { Binary, Long } from 'bson'
import type { Unwritten } from '../bson/unwritten.ts'
import { isDoc, toNumber, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Cursors } from './cursors.ts'
import type { Engine } from '../store/engine.ts'
import type { Reader } from '../store/access.ts'
import type { Transaction } from '../store/transaction.ts'

/** What one connection's commands share. */
export interface Server {
  engine: Engine
  cursors: Cursors
  host: string
  port: number
  connections: ReadonlySet<unknown>
  /** Commands run since the start, by kind. */
  counts: Map<string, number>
  /** Changes how often TTL indexes are swept, in milliseconds. */
  sweepEvery(milliseconds: number): void
}

/** The session fields of a command. */
export interface SessionFields {
  lsid: string
  number: bigint | undefined
}

/** A command with everything it needs. `documents` are those of an insert or the statements of an update, unread. */
export interface Request {
  server: Server
  name: string
  db: string
  body: Doc
  documents: readonly Uint8Array[]
  connectionId: number
  session: SessionFields | undefined
  transaction: Transaction | undefined
}

/** A reply: a document, or one yet to be written, whose documents are not read. */
export type Reply = Doc | Unwritten

/** A command: the fields it knows besides the general ones, and what it does. */
export interface Command {
  fields: readonly string[]
  /** Whether unknown fields pass, as MongoDB lets them pass in the handshake. */
  lenient?: boolean
  /** Whether it may run inside a transaction. */
  inTransaction?: boolean
  run(request: Request): Reply | Promise<Reply>
}

/** The view a command reads: its transaction's, or what is committed. */
export function readerOf({ server, transaction }: Request): Reader {
  return transaction ?? server.engine.reader
}

/** A string field; throws TypeMismatch. */
export function text(body: Doc, field: string, command: string): string {
  const value = body[field]
  return typeof value === 'string'
    ? value
    : fail(14, `BSON field '${command}.${field}' is the wrong type, expected type 'string'`)
}

/** A document field, empty when missing; throws TypeMismatch. */
export function document(body: Doc, field: string, command: string): Doc {
  const value = body[field]
  if (value === undefined || value === null) return {}
  return isDoc(value) ? value : fail(14, `BSON field '${command}.${field}' is the wrong type, expected type 'object'`)
}

/** A whole number not below zero, `otherwise` when missing; throws TypeMismatch or BadValue. */
export function count(body: Doc, field: string, command: string, otherwise: number): number {
  const value = body[field]
  if (value === undefined || value === null) return otherwise
  const number = toNumber(value)
  if (number === undefined)
    return fail(14, `BSON field '${command}.${field}' is the wrong type, expected types '[long, int, decimal, double']`)
  if (number < 0) fail(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`)
  return Math.trunc(number)
}

/** The namespace a command's first field names; throws InvalidNamespace. */
export function namespace({ db, body, name }: Request): string {
  const collection = body[name]
  if (typeof collection !== 'string' || collection === '')
    return fail(73, `Invalid namespace specified '${db}.${String(collection)}'`)
  return `${db}.${collection}`
}

/** Refuses collations other than MongoDB's simple one, for commands that have no other. */
export function refuseCollation(body: Doc): void {
  const { collation } = body
  if (isDoc(collation) && Object.keys(collation).length > 0 && collation.locale !== 'simple') {
    fail(
      238,
      'collations other than {locale: "simple"} are not supported here by this server, only for find, count and writes',
    )
  }
}

/** Reads lsid and txnNumber. */
export function sessionFields(body: Doc): SessionFields | undefined {
  const id = isDoc(body.lsid) ? body.lsid.id : undefined
  if (!(id instanceof Binary)) return undefined
  const number = body.txnNumber
  return { lsid: id.toString('hex'), number: number instanceof Long ? number.toBigInt() : undefined }
}
