import { Long } from 'bson'
import { compareValues, equalValues } from '../bson/compare.ts'
import { encodeValue } from '../bson/key.ts'
import { readFields } from '../bson/raw.ts'
import { isDoc, toNumber, write, type Doc } from '../bson/values.ts'
import { fail, MongoError } from '../errors.ts'
import { countFound } from '../plan/count.ts'
import { findInPieces, type FindQuery } from '../plan/find.ts'
import type { Found } from '../plan/read.ts'
import { parseCollation } from '../query/collation.ts'
import { prepareFilter } from '../query/filter.ts'
import { MISSING, visitPath } from '../query/paths.ts'
import { compileProjection, type Projection } from '../query/project.ts'
import { parseSort } from '../query/sort.ts'
import { bsonCount } from '../store/catalog.ts'
import { cursorReply } from './cursor-reply.ts'
import { count, document, namespace, readerOf, refuseCollation, text, type Command } from './request.ts'
import { inTurns, turnsOf } from './turns.ts'

function* shown(
  source: Iterable<Found | undefined>,
  project: Projection | undefined,
): Generator<Uint8Array | undefined> {
  for (const found of source) {
    if (found === undefined || project === undefined) yield found?.raw
    else yield project.stored?.(found.raw) ?? write(project.apply(readFields(found.raw, project.fields)))
  }
}

/** Reads a find command's query. */
export function findQuery(body: Doc): FindQuery {
  if (body.tailable === true) fail(238, 'tailable cursors are not supported by this server')
  return {
    filter: prepareFilter(document(body, 'filter', 'find')),
    sort: parseSort(body.sort),
    skip: count(body, 'skip', 'find', 0),
    limit: count(body, 'limit', 'find', 0),
    hint: body.hint,
    variables: document(body, 'let', 'find'),
    strings: parseCollation(body.collation),
  }
}

const findCommand: Command = {
  fields: [
    'filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch', 'max', 'min', 'returnKey', 'showRecordId', 'tailable',
    'oplogReplay', 'noCursorTimeout', 'awaitData', 'allowPartialResults', 'collation', 'allowDiskUse', 'let',
  ], // prettier-ignore
  inTransaction: true,
  async run(request) {
    const { server, body, transaction } = request
    const ns = namespace(request)
    const query = findQuery(body)
    for (const field of ['min', 'max', 'returnKey', 'showRecordId']) {
      if (body[field] !== undefined && body[field] !== false)
        fail(238, `find with ${field} is not supported by this server`)
    }
    const project = compileProjection(body.projection, document(body, 'filter', 'find'))
    const coll = server.engine.catalog.get(ns)
    const found = coll === undefined ? [] : findInPieces(readerOf(request), coll, query)
    const batchSize = body.batchSize === undefined ? undefined : count(body, 'batchSize', 'find', 101)
    const batch = await server.cursors.first(ns, shown(found, project), {
      batchSize,
      single: body.singleBatch === true,
      keep: body.noCursorTimeout === true,
      transaction,
      turns: turnsOf(request, coll),
    })
    return cursorReply(batch, 'firstBatch')
  },
}

const getMore: Command = {
  fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  inTransaction: true,
  async run({ server, body }) {
    const id = body.getMore
    if (!(id instanceof Long))
      throw new MongoError(14, `BSON field 'getMore.getMore' is the wrong type, expected type 'long'`)
    text(body, 'collection', 'getMore')
    const batch = await server.cursors.next(id.toBigInt(), count(body, 'batchSize', 'getMore', 0))
    return cursorReply(batch, 'nextBatch')
  },
}

const killCursors: Command = {
  fields: ['cursors'],
  inTransaction: true,
  run({ server, body }) {
    const killed: Long[] = []
    const missing: Long[] = []
    for (const id of Array.isArray(body.cursors) ? (body.cursors as unknown[]) : []) {
      if (id instanceof Long) (server.cursors.kill(id.toBigInt()) ? killed : missing).push(id)
    }
    return { cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [], ok: 1 }
  },
}

const countCommand: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
  async run(request) {
    const { server, body } = request
    const coll = server.engine.catalog.get(namespace(request))
    const filter = prepareFilter(document(body, 'query', 'count'))
    const strings = parseCollation(body.collation)
    const limit = Math.abs(toNumber(body.limit) ?? 0)
    const skip = count(body, 'skip', 'count', 0)
    if (coll === undefined) return { n: bsonCount(0), ok: 1 }
    if (Object.keys(filter).length === 0) {
      const rest = Math.max(0, coll.count - skip)
      return { n: bsonCount(limit === 0 ? rest : Math.min(limit, rest)), ok: 1 }
    }
    const counting = countFound(readerOf(request), coll, { filter, limit, skip, hint: body.hint, strings })
    const n = await inTurns(counting, turnsOf(request, coll))
    return { n: bsonCount(n), ok: 1 }
  },
}

const distinct: Command = {
  fields: ['key', 'query', 'collation', 'hint'],
  inTransaction: true,
  async run(request) {
    const { server, body } = request
    refuseCollation(body)
    const path = text(body, 'key', 'distinct').split('.')
    const coll = server.engine.catalog.get(namespace(request))
    const values = new Map<string, unknown>()
    const filter = prepareFilter(document(body, 'query', 'distinct'))
    const fields = new Set([path[0] ?? ''])
    const turns = turnsOf(request, coll)
    for (const found of coll === undefined ? [] : findInPieces(readerOf(request), coll, { filter, hint: body.hint })) {
      if (turns?.isOver === true) await turns.pass()
      if (found === undefined) continue
      visitPath(readFields(found.raw, fields), path, (leaf) => {
        for (const value of Array.isArray(leaf) ? (leaf as unknown[]) : [leaf]) {
          if (value !== MISSING) values.set(encodeValue(value).toString('latin1'), value)
        }
        return false
      })
    }
    return { values: [...values.values()].sort(compareValues), ok: 1 }
  },
}

/** Whether two index key patterns are the same, fields in order. */
export function samePattern(a: Doc, b: unknown): boolean {
  if (!isDoc(b)) return false
  const keys = Object.keys(a)
  const others = Object.keys(b)
  return keys.length === others.length && keys.every((key, i) => key === others[i] && equalValues(a[key], b[key]))
}

/** The commands that read documents. */
export const queryCommands: Readonly<Record<string, Command>> = {
  find: findCommand,
  getMore,
  killCursors,
  count: countCommand,
  distinct,
}
