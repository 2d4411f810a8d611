import { isDoc, plainDoc, readTyped, write, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { UpdateStatement } from '../commands/update-statement.ts'
import { insertOne, runUpdate } from '../commands/write.ts'
import { find } from '../plan/find.ts'

import { prepareFilter } from '../query/filter.ts'
import { valueAt, MISSING } from '../query/paths.ts'
import type { Writer } from '../store/access.ts'
import type { Collection } from '../store/catalog.ts'
import type { Engine } from '../store/engine.ts'
import { parseUpdate } from '../update/program.ts'

function target(spec: unknown, db: string, stage: string): { db: string; name: string } {
  if (typeof spec === 'string') return { db, name: spec }
  if (isDoc(spec) && typeof spec.coll === 'string')
    return { db: typeof spec.db === 'string' ? spec.db : db, name: spec.coll }
  return fail(16990, `${stage} needs the name of a collection`)
}

/** The $out stage: replaces a collection's documents by the results, keeping its indexes, in one step. */
export async function out(engine: Engine, spec: unknown, db: string, docs: readonly Doc[]): Promise<void> {
  const { db: into, name } = target(spec, db, '$out')
  const existing = engine.catalog.get(`${into}.${name}`)
  if (existing !== undefined) engine.abortTransactions(existing)
  await engine.writeWhenFree((writer) => {
    const coll = existing ?? engine.catalog.create(into, name)
    const old = [...find(writer, coll, { filter: {} })].map(({ idKey, raw }) =>
      writer.stage(coll, idKey, raw, undefined),
    )
    for (const change of old) writer.apply(coll, change)
    for (const doc of docs) insertOne(writer, coll, write(doc))
  })
}

interface MergeSpec {
  on: string[]
  whenMatched: unknown
  whenNotMatched: unknown
  variables: Doc
}

function mergeOne(writer: Writer, coll: Collection, doc: Doc, spec: MergeSpec): void {
  const filter: Doc = {}
  for (const field of spec.on) {
    const value = valueAt(doc, field.split('.'))
    if (value === MISSING || value === null || Array.isArray(value))
      fail(51132, `$merge write error: 'on' field '${field}' cannot be missing, null, undefined or an array`)
    filter[field] = { $eq: value }
  }
  const [found] = find(writer, coll, { filter, limit: 1 })
  if (found === undefined) {
    if (spec.whenNotMatched === 'fail')
      fail(
        13113,
        '$merge could not find a matching document in the target collection for at least one document in the source collection',
      )
    if (spec.whenNotMatched !== 'discard') insertOne(writer, coll, write(doc))
    return
  }
  if (spec.whenMatched === 'keepExisting') return
  if (spec.whenMatched === 'fail') fail(11000, '$merge failed: a document with the same key exists')
  const update = (): unknown => {
    if (Array.isArray(spec.whenMatched)) return spec.whenMatched
    return spec.whenMatched === 'replace' ? doc : { ...readTyped(found.raw), ...doc, _id: readTyped(found.raw)._id }
  }
  const statement: UpdateStatement = {
    filter: prepareFilter({ _id: readTyped(found.raw)._id }),
    program: parseUpdate(update(), undefined, { ...spec.variables, new: doc }),
    multi: false,
    upsert: false,
    hint: undefined,
    sort: undefined,
    variables: {},
  }
  runUpdate(writer, coll, statement)
}

/** The $merge stage: each result is merged into, replaces, or is added to the documents of a collection. */
export async function merge(engine: Engine, spec: unknown, db: string, docs: readonly Doc[]): Promise<void> {
  const full = isDoc(spec) ? spec : { into: spec }
  const { db: into, name } = target(full.into, db, '$merge')
  const on = Array.isArray(full.on) ? full.on.map(String) : [typeof full.on === 'string' ? full.on : '_id']
  const settings: MergeSpec = {
    on,
    whenMatched: full.whenMatched ?? 'merge',
    whenNotMatched: full.whenNotMatched ?? 'insert',
    variables: isDoc(full.let) ? plainDoc(full.let) : {},
  }
  const coll = engine.catalog.get(`${into}.${name}`) ?? (await engine.write(() => engine.catalog.create(into, name)))
  const unique = (fields: string): boolean =>
    fields === '_id' ||
    coll.indexes.some(
      ({ unique: is, fields: own }) =>
        is &&
        own
          .map(({ field }) => field)
          .sort()
          .join() === fields,
    )
  if (!unique([...on].sort().join())) fail(51183, `Cannot find index to verify that join fields will be unique`)
  for (const doc of docs) await engine.writeWhenFree((writer) => mergeOne(writer, coll, doc, settings))
}
