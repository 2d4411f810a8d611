import { Int32, Long } from 'bson'
import { isDoc, readTyped, toNumber, write, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { count, document, type Command, type Request } from './request.ts'
import { runStatements } from './statements.ts'
import { updateStatement } from './update-statement.ts'
import { collectionFor, deleteStatement, insertOne, runDelete, runUpdate } from './write.ts'
import type { Collection } from '../store/catalog.ts'
import type { Writer } from '../store/access.ts'

interface Outcome {
  n: number
  nModified?: number
  upserted?: { _id: unknown }
}

function perform(
  writer: Writer,
  coll: Collection,
  op: Doc,
  variables: Doc,
): Outcome & { kind: 'insert' | 'update' | 'delete' } {
  if ('insert' in op) {
    insertOne(writer, coll, write(isDoc(op.document) ? op.document : fail(14, 'insert needs a document')))
    return { kind: 'insert', n: 1 }
  }
  const { filter, multi, hint, collation } = op
  if ('update' in op) {
    const { updateMods, upsert, arrayFilters, sort } = op
    const given = { q: filter, u: updateMods, multi, upsert, hint, sort, arrayFilters, collation }
    const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    const result = runUpdate(writer, coll, updateStatement(defined, variables))
    const n = result.matched + Number(result.upserted !== undefined)
    return {
      kind: 'update',
      n,
      nModified: result.modified,
      ...(result.upserted === undefined ? {} : { upserted: result.upserted }),
    }
  }
  const statement = deleteStatement({ q: filter, limit: new Int32(multi === true ? 0 : 1), collation }, variables)
  return { kind: 'delete', n: runDelete(writer, coll, { ...statement, hint }).n }
}

async function targets(request: Request): Promise<Collection[]> {
  const list = Array.isArray(request.body.nsInfo) ? (request.body.nsInfo as unknown[]) : []
  const collections: Collection[] = []
  for (const info of list)
    collections.push(await collectionFor(request, isDoc(info) ? String(info.ns) : fail(14, 'nsInfo needs documents')))
  return collections
}

const TOTALS = ['nInserted', 'nMatched', 'nModified', 'nUpserted', 'nDeleted'] as const

/** Adds one outcome to the totals and to the list of results kept in `progress.result`. */
function record(result: Doc, index: number, outcome: ReturnType<typeof perform>): void {
  const add = (field: (typeof TOTALS)[number], by: number): void => {
    result[field] = new Int32((toNumber(result[field]) ?? 0) + by)
  }
  const upserts = Number(outcome.upserted !== undefined)
  if (outcome.kind === 'insert') add('nInserted', outcome.n)
  else if (outcome.kind === 'delete') add('nDeleted', outcome.n)
  else {
    add('nMatched', outcome.n - upserts)
    add('nModified', outcome.nModified ?? 0)
    add('nUpserted', upserts)
  }
  const { n, nModified, upserted } = outcome
  const entry = {
    ok: 1,
    idx: new Int32(index),
    n: new Int32(n),
    ...(nModified === undefined ? {} : { nModified: new Int32(nModified) }),
    ...(upserted === undefined ? {} : { upserted }),
  }
  result.entries = [...(Array.isArray(result.entries) ? (result.entries as unknown[]) : []), entry]
}

const bulkWrite: Command = {
  fields: ['ops', 'nsInfo', 'ordered', 'bypassDocumentValidation', 'let', 'errorsOnly', 'cursor'],
  inTransaction: true,
  async run(request) {
    const { server, body, transaction } = request
    const ops = Array.isArray(body.ops) ? (body.ops as unknown[]).filter(isDoc) : []
    if (ops.length === 0) fail(16, 'bulkWrite needs at least one operation')
    const variables = document(body, 'let', 'bulkWrite')
    const collections = await targets(request)
    const progress = await runStatements(request, ops.length, body.ordered !== false, (writer, index, done) => {
      const op = ops[index] ?? {}
      const coll =
        collections[toNumber(op.insert ?? op.update ?? op.delete) ?? -1] ?? fail(2, 'nsInfo has no such namespace')
      done.result ??= {}
      record(done.result, index, perform(writer, coll, op, variables))
    })
    const { entries, ...totals } = progress.result ?? {}
    const failures = progress.writeErrors.map(({ index, ...error }) => ({
      ok: 0,
      idx: index,
      n: new Int32(0),
      ...error,
    }))
    const successes = body.errorsOnly === true ? [] : Array.isArray(entries) ? (entries as unknown[]).filter(isDoc) : []
    const all = [...successes, ...failures].sort((a, b) => (toNumber(a.idx) ?? 0) - (toNumber(b.idx) ?? 0))
    const batchSize = count(document(body, 'cursor', 'bulkWrite'), 'batchSize', 'bulkWrite', Number.MAX_SAFE_INTEGER)
    const batch = await server.cursors.first('admin.$cmd.bulkWrite', all.map(write)[Symbol.iterator](), {
      batchSize,
      transaction,
    })
    const zero = Object.fromEntries(TOTALS.map((field) => [field, new Int32(0)]))
    return {
      ...zero,
      ...totals,
      nErrors: new Int32(failures.length),
      cursor: { firstBatch: batch.docs.map(readTyped), id: Long.fromBigInt(batch.id), ns: batch.ns },
      ok: 1,
    }
  },
}

/** The bulkWrite command, which writes to several collections at once. */
export const bulkCommands: Readonly<Record<string, Command>> = { bulkWrite }
