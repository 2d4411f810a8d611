import { Int32 } from 'bson'
import { equalValues } from '../bson/compare.ts'
import { isDoc, toNumber, write, type Doc } from '../bson/values.ts'
import { fail, MongoError } from '../errors.ts'
import { buildIndexes } from '../store/build.ts'
import type { Collection, IndexInfo } from '../store/catalog.ts'
import { cursorReply } from './cursor-reply.ts'
import { count, document, namespace, type Command } from './request.ts'
import { samePattern } from './query.ts'
import { collectionFor } from './write.ts'

const SPEC_FIELDS = new Set([
  'v', 'key', 'name', 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds', 'background', 'hidden', 'collation', 'ns',
]) // prettier-ignore
const MAX_INDEXES = 64

function checkKey(key: unknown): Doc {
  if (!isDoc(key) || Object.keys(key).length === 0) return fail(67, 'Index keys cannot be empty.')
  for (const [field, direction] of Object.entries(key)) {
    if (typeof direction === 'string')
      fail(67, `Index type '${direction}' is not supported by this server; a real MongoDB may have it`)
    const number = toNumber(direction)
    if (number === undefined || number === 0 || Number.isNaN(number)) {
      fail(
        67,
        `Values in v:2 index key pattern cannot be of this type or zero. Only numbers > 0, numbers < 0, and strings are allowed.`,
      )
    }
    if (field === '' || field.split('.').some((part) => part === '' || part.startsWith('$'))) {
      fail(67, `Index key contains an illegal field name: '${field}'`)
    }
    if (field.includes('$**')) fail(67, 'Wildcard indexes are not supported by this server')
  }
  return key
}

/** Checks an index specification and gives it the form listIndexes shows. */
function normalSpec(spec: Doc): Doc {
  const unknown = Object.keys(spec).find((field) => !SPEC_FIELDS.has(field))
  if (unknown !== undefined) {
    fail(197, `The field '${unknown}' is not valid for an index specification. Specification: ${JSON.stringify(spec)}`)
  }
  const key = checkKey(spec.key)
  if (typeof spec.name !== 'string' || spec.name === '')
    fail(9, `The 'name' field is a required property of an index specification`)
  if (isDoc(spec.collation) && spec.collation.locale !== 'simple')
    fail(238, 'index collations are not supported by this server')
  if (spec.sparse === true && spec.partialFilterExpression !== undefined) {
    fail(67, 'cannot mix "partialFilterExpression" and "sparse" options')
  }
  if (spec.partialFilterExpression !== undefined && !isDoc(spec.partialFilterExpression)) {
    fail(14, `The field 'partialFilterExpression' must be an object`)
  }
  const seconds = toNumber(spec.expireAfterSeconds)
  if (spec.expireAfterSeconds !== undefined) {
    if (seconds === undefined || seconds < 0 || seconds > 2147483647)
      fail(67, `TTL index 'expireAfterSeconds' option must be within an acceptable range`)
    if (Object.keys(key).length > 1)
      fail(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL.')
    if ('_id' in key) fail(67, `The field 'expireAfterSeconds' is not valid for an _id index specification.`)
  }
  const out: Doc = { v: new Int32(2), key, name: spec.name }
  for (const flag of ['unique', 'sparse', 'hidden'])
    if (spec[flag] === true || toNumber(spec[flag]) === 1) out[flag] = true
  if (isDoc(spec.partialFilterExpression)) out.partialFilterExpression = spec.partialFilterExpression
  if (seconds !== undefined) out.expireAfterSeconds = new Int32(seconds)
  return out
}

function sameOptions(a: Doc, b: Doc): boolean {
  return ['unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'].every((field) =>
    equalValues(a[field], b[field]),
  )
}

/** Whether the index is there already; throws when one like it stands in the way. */
function exists(known: readonly Known[], spec: Doc): boolean {
  if (samePattern({ _id: 1 }, spec.key)) return true
  for (const other of known) {
    const same = isDoc(spec.key) && samePattern(other.key, spec.key)
    if (other.name === spec.name) {
      if (same && sameOptions(other.spec, spec)) return true
      throw new MongoError(
        same ? 85 : 86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(other.spec)}`,
      )
    }
    if (same && equalValues(other.spec.partialFilterExpression, spec.partialFilterExpression)) {
      if (sameOptions(other.spec, spec)) fail(85, `Index already exists with a different name: ${other.name}`)
      fail(
        85,
        `An equivalent index already exists with a different name and options. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(other.spec)}`,
      )
    }
  }
  return false
}

type Known = Pick<IndexInfo, 'name' | 'key' | 'spec'>

/** The indexes of a list that are not there yet; throws when one stands in the way of another. */
function missingOf(coll: Collection, specs: readonly Doc[]): Doc[] {
  const known: Known[] = [...coll.indexes]
  return specs.filter((spec) => {
    if (exists(known, spec)) return false
    if (known.length + 1 >= MAX_INDEXES) fail(67, `add index fails, too many indexes for ${coll.ns}`)
    known.push({ name: String(spec.name), key: isDoc(spec.key) ? spec.key : {}, spec })
    return true
  })
}

const builds = new WeakMap<Collection, Promise<void>>()

/** One build of a collection at a time: who asks for an index that is being built waits for it. */
function inLine(coll: Collection, work: () => Promise<void>): Promise<void> {
  const mine = (builds.get(coll) ?? Promise.resolve()).then(work)
  builds.set(
    coll,
    mine.catch(() => undefined),
  )
  return mine
}

const createIndexes: Command = {
  fields: ['indexes', 'ignoreUnknownIndexOptions', 'commitQuorum'],
  async run(request) {
    const { engine } = request.server
    const ns = namespace(request)
    const list = Array.isArray(request.body.indexes) ? (request.body.indexes as unknown[]) : []
    if (list.length === 0) fail(2, 'Must specify at least one index to create')
    const specs = list.map((spec) => normalSpec(isDoc(spec) ? spec : fail(14, 'index specifications must be objects')))
    const createdCollectionAutomatically = engine.catalog.get(ns) === undefined
    const coll = await collectionFor(request, ns)
    const numIndexesBefore = coll.indexes.length + 1
    if (missingOf(coll, specs).length > 0)
      await inLine(coll, async () => {
        const missing = missingOf(coll, specs)
        if (missing.length > 0) await buildIndexes(engine, coll, missing)
      })
    const numIndexesAfter = coll.indexes.length + 1
    return {
      numIndexesBefore: new Int32(numIndexesBefore),
      numIndexesAfter: new Int32(numIndexesAfter),
      createdCollectionAutomatically,
      ...(numIndexesAfter === numIndexesBefore ? { note: 'all indexes already exist' } : {}),
      ok: 1,
    }
  },
}

const dropIndexes: Command = {
  fields: ['index'],
  async run(request) {
    const { engine } = request.server
    const ns = namespace(request)
    const coll = engine.catalog.get(ns) ?? fail(26, `ns not found ${ns}`)
    const wanted = request.body.index
    const nIndexesWas = new Int32(coll.indexes.length + 1)
    const names = Array.isArray(wanted) ? (wanted as unknown[]) : [wanted]
    if (names.includes('_id_') || samePattern({ _id: 1 }, wanted)) fail(72, 'cannot drop _id index')
    const gone = wanted === '*' ? coll.written : names.map((name) => byName(coll, name))
    await engine.write(() => {
      coll.indexes = coll.indexes.filter((index) => !gone.includes(index))
      coll.building = coll.building.filter((index) => !gone.includes(index))
      for (const index of gone) engine.catalog.discardIndex(index)
      engine.catalog.save(coll)
    })
    engine.sweepInBackground()
    return { nIndexesWas, ...(wanted === '*' ? { msg: 'non-_id indexes dropped for collection' } : {}), ok: 1 }
  },
}

function byName(coll: Collection, wanted: unknown): IndexInfo {
  const found = coll.written.find(({ name, key }) =>
    typeof wanted === 'string' ? name === wanted : samePattern(key, wanted),
  )
  return (
    found ??
    fail(
      27,
      typeof wanted === 'string'
        ? `index not found with name [${wanted}]`
        : `can't find index with key: ${JSON.stringify(wanted)}`,
    )
  )
}

const listIndexes: Command = {
  fields: ['cursor'],
  async run(request) {
    const { server, body, transaction } = request
    const ns = namespace(request)
    const coll = server.engine.catalog.get(ns) ?? fail(26, `ns does not exist: ${ns}`)
    const specs = [
      { v: new Int32(2), key: { _id: new Int32(1) }, name: '_id_' },
      ...coll.indexes.map(({ spec }) => spec),
    ]
    const cursor = document(body, 'cursor', 'listIndexes')
    const batchSize = count(cursor, 'batchSize', 'listIndexes', 1000)
    return cursorReply(
      await server.cursors.first(ns, specs.map(write)[Symbol.iterator](), { batchSize, transaction }),
      'firstBatch',
    )
  },
}

/** The commands about indexes. */
export const indexCommands: Readonly<Record<string, Command>> = {
  createIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
  listIndexes,
}
