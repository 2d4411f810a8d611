import { Int32, Long } from 'bson'
import { write, type Doc } from '../bson/values.ts'
import { fail, MongoError } from '../errors.ts'
import { compileFilter } from '../query/compile.ts'
import { prepareFilter } from '../query/filter.ts'
import type { Collection } from '../store/catalog.ts'
import { cursorReply } from './cursor-reply.ts'
import { count, document, namespace, text, type Command, type Request } from './request.ts'
import { collStats, dbStats } from './stats.ts'
import { validate } from './validate.ts'
import { collectionFor } from './write.ts'

const CREATE_REFUSED = [
  'capped',
  'timeseries',
  'viewOn',
  'clusteredIndex',
  'validator',
  'changeStreamPreAndPostImages',
  'encryptedFields',
]

const create: Command = {
  fields: [
    'capped', 'size', 'max', 'timeseries', 'clusteredIndex', 'expireAfterSeconds', 'changeStreamPreAndPostImages', 'validator', 'validationLevel',
    'validationAction', 'indexOptionDefaults', 'viewOn', 'pipeline', 'collation', 'encryptedFields', 'storageEngine', 'autoIndexId', 'idIndex',
  ], // prettier-ignore
  async run(request) {
    const ns = namespace(request)
    for (const field of CREATE_REFUSED) {
      const value = request.body[field]
      if (value !== undefined && value !== false) fail(238, `create with ${field} is not supported by this server`)
    }
    if (request.server.engine.catalog.get(ns) !== undefined)
      throw new MongoError(48, `Collection ${ns} already exists.`)
    await collectionFor(request, ns)
    return { ok: 1 }
  },
}

async function dropCollections({ server }: Request, collections: readonly Collection[]): Promise<void> {
  const { engine } = server
  for (const coll of collections) engine.abortTransactions(coll)
  await engine.write(() => {
    for (const coll of collections) engine.catalog.remove(coll)
  })
  engine.sweepInBackground()
}

const drop: Command = {
  fields: [],
  async run(request) {
    const ns = namespace(request)
    const coll = request.server.engine.catalog.get(ns)
    if (coll === undefined) return { ok: 1 }
    const nIndexesWas = new Int32(coll.indexes.length + 1)
    await dropCollections(request, [coll])
    return { nIndexesWas, ns, ok: 1 }
  },
}

const dropDatabase: Command = {
  fields: [],
  async run(request) {
    const collections = request.server.engine.catalog.list(request.db)
    if (collections.length > 0) await dropCollections(request, collections)
    return { ...(collections.length > 0 ? { dropped: request.db } : {}), ok: 1 }
  },
}

const listCollections: Command = {
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  async run(request) {
    const { server, body, db, transaction } = request
    const test = compileFilter(prepareFilter(document(body, 'filter', 'listCollections')))
    const described = server.engine.catalog.list(db).map(({ name, options, uuid }): Doc => {
      if (body.nameOnly === true) return { name, type: 'collection' }
      const idIndex = { v: new Int32(2), key: { _id: new Int32(1) }, name: '_id_' }
      return { name, type: 'collection', options, info: { readOnly: false, uuid }, idIndex }
    })
    const batchSize = count(document(body, 'cursor', 'listCollections'), 'batchSize', 'listCollections', 1000)
    const docs = described.filter(test).map(write)
    return cursorReply(
      await server.cursors.first(`${db}.$cmd.listCollections`, docs[Symbol.iterator](), { batchSize, transaction }),
      'firstBatch',
    )
  },
}

const listDatabases: Command = {
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run({ server, body }) {
    const names = [...new Set(server.engine.catalog.list().map(({ db }) => db))].sort()
    const test = compileFilter(prepareFilter(document(body, 'filter', 'listDatabases')))
    const databases = names
      .map((name): Doc => {
        const sizeOnDisk = server.engine.catalog.list(name).reduce((sum, { bytes }) => sum + bytes, 0)
        return body.nameOnly === true
          ? { name }
          : { name, sizeOnDisk: Long.fromNumber(sizeOnDisk), empty: sizeOnDisk === 0 }
      })
      .filter(test)
    return {
      databases,
      ...(body.nameOnly === true ? {} : { totalSize: Long.fromNumber(server.engine.storage.sizeOnDisk()) }),
      ok: 1,
    }
  },
}

const renameCollection: Command = {
  fields: ['to', 'dropTarget'],
  run({ body }) {
    text(body, 'to', 'renameCollection')
    return fail(238, 'renameCollection is not supported by this server')
  },
}

const validateCommand: Command = {
  fields: ['full', 'repair', 'metadata', 'checkBSONConformance', 'background'],
  run(request) {
    const ns = namespace(request)
    const coll = request.server.engine.catalog.get(ns) ?? fail(26, `Collection '${ns}' does not exist to validate.`)
    return validate(request.server.engine, coll)
  },
}

/** The commands about collections and databases. */
export const collectionCommands: Readonly<Record<string, Command>> = {
  create, drop, dropDatabase, listCollections, listDatabases, collStats, dbStats, renameCollection, validate: validateCommand,
} // prettier-ignore
