import { bsonCount } from '../store/catalog.ts'
import { merge, out } from '../aggregate/output.ts'
import { runPipeline, runStages, type Source } from '../aggregate/pipeline.ts'
import { checkStages, countsInto, splitPipeline } from '../aggregate/split.ts'
import { isDoc, plainDoc, write, type Doc, asDoc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { countFound } from '../plan/count.ts'
import { findInPieces } from '../plan/find.ts'
import type { Collection } from '../store/catalog.ts'
import { cursorReply } from './cursor-reply.ts'
import type { Documents } from './cursors.ts'
import { explain } from './explain.ts'
import { collectionStatsStage } from './stats.ts'
import { turnsOf } from './turns.ts'
import { MAX_DOCUMENT } from './write.ts'
import { count, document, namespace, readerOf, refuseCollation, type Command, type Request } from './request.ts'

function* written(stream: { next(): { value?: unknown; done: boolean } }): Generator<Uint8Array> {
  for (let item = stream.next(); !item.done; item = stream.next()) {
    const raw = write(asDoc(item.value))
    if (raw.length > MAX_DOCUMENT)
      fail(10334, `BSONObj size: ${raw.length} is invalid. Size must be between 0 and 16793600(16MB)`)
    yield raw
  }
}

function* counted(
  request: Request,
  coll: Collection | undefined,
  stages: readonly Doc[],
  hint: unknown,
  variables: Doc,
): Generator<Uint8Array | undefined> {
  const { query, rest } = splitPipeline(stages, hint)
  const into = countsInto(rest)
  if (into === undefined || coll === undefined) return
  const everything = Object.keys(query.filter).length === 0 && query.limit === undefined && query.skip === undefined
  const n =
    everything && request.transaction === undefined
      ? coll.count
      : yield* countFound(readerOf(request), coll, { ...query, sort: [], variables })
  if (n > 0) yield write({ ...(into.hasId ? { _id: into.id } : {}), [into.field]: bsonCount(n) })
}

function* raws(
  request: Request,
  coll: Collection,
  stages: readonly Doc[],
  hint: unknown,
  variables: Doc,
): Generator<Uint8Array | undefined> {
  const { query } = splitPipeline(stages, hint)
  for (const found of findInPieces(readerOf(request), coll, { ...query, variables })) yield found?.raw
}

/** The results of a pipeline as BSON: untouched bytes when no stage changes documents. */
function results(request: Request, name: string | undefined, stages: readonly Doc[]): Documents {
  const { server, db, body } = request
  const variables = plainDoc(document(body, 'let', 'aggregate'))
  const source: Source = { reader: readerOf(request), catalog: server.engine.catalog, db }
  if (name === undefined || stages[0]?.$documents !== undefined)
    return written(runStages(source, [], stages, variables))
  const coll = server.engine.catalog.get(`${db}.${name}`)
  if (isDoc(stages[0]?.$collStats)) {
    const stats = collectionStatsStage(`${db}.${name}`, coll, stages[0].$collStats)
    return written(runStages(source, [stats], stages.slice(1), variables))
  }
  const { rest } = splitPipeline(stages, body.hint)
  if (countsInto(rest) !== undefined) return counted(request, coll, stages, body.hint, variables)
  if (rest.length === 0)
    return coll === undefined ? [][Symbol.iterator]() : raws(request, coll, stages, body.hint, variables)
  return written(runPipeline(source, name, stages, variables, body.hint))
}

const aggregate: Command = {
  fields: ['pipeline', 'explain', 'allowDiskUse', 'cursor', 'bypassDocumentValidation', 'collation', 'hint', 'let'],
  inTransaction: true,
  async run(request) {
    const { server, body, db, transaction } = request
    refuseCollation(body)
    const stages = checkStages(body.pipeline)
    if (body.cursor === undefined && body.explain !== true) {
      fail(9, `The 'cursor' option is required, except for aggregate with the explain argument`)
    }
    if (body.explain === true) return explain(request, body)
    const whole = typeof body.aggregate !== 'string'
    if (whole && stages[0]?.$documents === undefined)
      fail(
        73,
        `{aggregate: 1} is not valid for '${Object.keys(stages[0] ?? {})[0] ?? 'an empty pipeline'}'; a collection is required.`,
      )
    const name = whole ? undefined : namespace(request).slice(db.length + 1)
    const ns = `${db}.${name ?? '$cmd.aggregate'}`
    const last = stages.at(-1)
    const batchSize = count(document(body, 'cursor', 'aggregate'), 'batchSize', 'aggregate', 101)
    if (last?.$out === undefined && last?.$merge === undefined) {
      const turns = turnsOf(request, server.engine.catalog.get(ns))
      return cursorReply(
        await server.cursors.first(ns, results(request, name, stages), { batchSize, transaction, turns }),
        'firstBatch',
      )
    }
    if (transaction !== undefined)
      fail(263, `Stage not supported inside of a multi-document transaction: ${Object.keys(last)[0] ?? ''}`)
    const source: Source = { reader: readerOf(request), catalog: server.engine.catalog, db }
    const docs = runPipeline(
      source,
      name ?? '',
      stages.slice(0, -1),
      plainDoc(document(body, 'let', 'aggregate')),
      body.hint,
    ).collect<Doc>()
    if (last.$out !== undefined) await out(server.engine, last.$out, db, docs)
    else await merge(server.engine, last.$merge, db, docs)
    return cursorReply(await server.cursors.first(ns, [][Symbol.iterator](), {}), 'firstBatch')
  },
}

/** The aggregate command. */
export const aggregateCommands: Readonly<Record<string, Command>> = { aggregate }
