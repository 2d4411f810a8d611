import { Int32 } from 'bson'
import { readFields } from '../bson/raw.ts'
import { isDoc, readTyped, toNumber, type Doc } from '../bson/values.ts'
import { fail, MongoError } from '../errors.ts'
import { compileProjection } from '../query/project.ts'
import { parseCollation } from '../query/collation.ts'
import { prepareFilter } from '../query/filter.ts'
import type { Progress } from '../store/sessions.ts'
import { document, namespace, type Command, type Reply } from './request.ts'
import { runStatements } from './statements.ts'
import { storedUpdateStatement, updateStatement, type UpdateStatement } from './update-statement.ts'
import { collectionFor, deleteStatement, insertOne, runDelete, runUpdate } from './write.ts'

const MAX_BATCH = 100_000

function checkBatch(list: readonly unknown[]): void {
  if (list.length === 0 || list.length > MAX_BATCH)
    fail(16, `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${list.length} operations.`)
}

function writeReply(progress: Progress, extra: Doc = {}): Reply {
  const { n, writeErrors } = progress
  return { n: new Int32(n), ...extra, ...(writeErrors.length > 0 ? { writeErrors } : {}), ok: 1 }
}

/** Reads a statement when its turn comes, so that a bad one fails alone. */
function lazily<S, T>(statements: readonly S[], read: (statement: S) => T): (index: number) => T {
  const cache = new Map<number, T>()
  return (index) => {
    const known = cache.get(index)
    const statement = statements[index]
    if (known !== undefined) return known
    const made = statement === undefined ? fail(16, `There is no operation ${index}`) : read(statement)
    cache.set(index, made)
    return made
  }
}

const insert: Command = {
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  inTransaction: true,
  async run(request) {
    const { documents, body } = request
    checkBatch(documents)
    const coll = await collectionFor(request, namespace(request))
    const progress = await runStatements(request, documents.length, body.ordered !== false, (writer, index, done) => {
      insertOne(writer, request.server.engine.catalog.get(coll.ns) ?? coll, documents[index] ?? new Uint8Array(0))
      done.n++
    })
    return writeReply(progress)
  },
}

const update: Command = {
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  inTransaction: true,
  async run(request) {
    const { documents: statements } = request
    checkBatch(statements)
    const variables = document(request.body, 'let', 'update')
    const read = lazily(statements, (statement) => storedUpdateStatement(statement, variables))
    const coll = await collectionFor(request, namespace(request))
    const progress = await runStatements(
      request,
      statements.length,
      request.body.ordered !== false,
      (writer, index, done) => {
        const result = runUpdate(writer, coll, read(index))
        done.n += result.matched + Number(result.upserted !== undefined)
        done.nModified += result.modified
        if (result.upserted !== undefined) done.upserted.push({ index, _id: result.upserted._id })
      },
    )
    const { nModified, upserted } = progress
    return writeReply(progress, { nModified: new Int32(nModified), ...(upserted.length > 0 ? { upserted } : {}) })
  },
}

const remove: Command = {
  fields: ['deletes', 'ordered', 'let'],
  inTransaction: true,
  async run(request) {
    const { deletes } = request.body
    const statements = Array.isArray(deletes) ? (deletes as unknown[]).filter(isDoc) : []
    checkBatch(statements)
    const variables = document(request.body, 'let', 'delete')
    const read = lazily(statements, (statement) => deleteStatement(statement, variables))
    const coll = request.server.engine.catalog.get(namespace(request))
    const progress = await runStatements(
      request,
      statements.length,
      request.body.ordered !== false,
      (writer, index, done) => {
        const statement = read(index)
        if (coll !== undefined) done.n += runDelete(writer, coll, statement).n
      },
    )
    return writeReply(progress)
  },
}

interface Modification {
  result: Doc | null
  lastErrorObject: Doc
}

const findAndModify: Command = {
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'collation',
    'arrayFilters',
    'hint',
    'let',
  ],
  inTransaction: true,
  async run(request) {
    const { body } = request
    const strings = parseCollation(body.collation)
    const removing = body.remove === true
    if (removing && body.update !== undefined) fail(9, 'Cannot specify both an update and remove=true')
    if (removing && body.new === true)
      fail(9, `Cannot specify both new=true and remove=true; 'remove' always returns the deleted document`)
    if (!removing && body.update === undefined) fail(9, 'Either an update or remove=true must be specified')
    const variables = document(body, 'let', 'findAndModify')
    const query = document(body, 'query', 'findAndModify')
    const filter = prepareFilter(query)
    const project = compileProjection(body.fields, query)
    const statement: UpdateStatement | undefined = removing
      ? undefined
      : {
          ...updateStatement(
            {
              q: query,
              u: body.update,
              upsert: body.upsert === true,
              ...(body.arrayFilters === undefined ? {} : { arrayFilters: body.arrayFilters }),
            },
            variables,
          ),
          hint: body.hint,
          sort: body.sort,
          strings,
        }
    const coll = await collectionFor(request, namespace(request))
    const shown = (raw: Buffer | undefined): Doc | null => {
      if (raw === undefined) return null
      return project === undefined ? readTyped(raw) : project.apply(readFields(raw, project.fields))
    }
    const modify = (writer: Parameters<typeof runUpdate>[0]): Modification => {
      if (statement === undefined) {
        const { n, before } = runDelete(writer, coll, {
          filter,
          limit: 1,
          hint: body.hint,
          sort: body.sort,
          variables,
          strings,
        })
        return { result: shown(before), lastErrorObject: { n: new Int32(n) } }
      }
      const { matched, upserted, before, after } = runUpdate(writer, coll, statement)
      const n = matched + Number(upserted !== undefined)
      return {
        result: shown(body.new === true ? after : before),
        lastErrorObject: {
          n: new Int32(n),
          updatedExisting: matched > 0,
          ...(upserted === undefined ? {} : { upserted: upserted._id }),
        },
      }
    }
    const progress = await runStatements(request, 1, true, (writer, _index, done) => {
      const { result, lastErrorObject } = modify(writer)
      done.result = { lastErrorObject, value: result }
    })
    const [failure] = progress.writeErrors
    if (failure !== undefined) throw fromWriteError(failure)
    return { ...progress.result, ok: 1 }
  },
}

function fromWriteError(error: Doc): MongoError {
  const { code, errmsg, index: _index, ...extra } = error
  return new MongoError(toNumber(code) ?? 1, String(errmsg), [], extra)
}

/** The commands that write documents. */
export const crudCommands: Readonly<Record<string, Command>> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
}
