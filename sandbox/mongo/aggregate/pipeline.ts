import { Aggregator } from 'mingo/aggregator'
import { Context, evalExpr } from 'mingo/core'
import { Lazy, type Iterator as Stream } from 'mingo/lazy'
import { $setWindowFields } from 'mingo/operators/pipeline'
import type { Options } from 'mingo/types'
import { readPlainFields } from '../bson/raw.ts'
import { isDoc, plainDoc, readPlain, type Doc, asDoc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { find } from '../plan/find.ts'
import { context, options } from '../query/compile.ts'
import { prepareFilter } from '../query/filter.ts'
import { keyValues } from '../query/paths.ts'
import { placeAt } from '../update/place.ts'
import type { Reader } from '../store/access.ts'
import type { Catalog } from '../store/catalog.ts'
import { fieldsNeeded } from './needs.ts'
import { checkStages, splitPipeline } from './split.ts'

type WindowSpec = Parameters<typeof $setWindowFields>[1]

/** Where a pipeline reads from. */
export interface Source {
  reader: Reader
  catalog: Catalog
  db: string
}

function* plainDocs(
  source: Source,
  name: string,
  stages: readonly Doc[],
  variables: Doc,
  hint: unknown,
): Generator<Doc> {
  const coll = source.catalog.get(`${source.db}.${name}`)
  if (coll === undefined) return
  const { query, rest } = splitPipeline(stages, hint)
  const fields = fieldsNeeded(rest)
  for (const { raw } of find(source.reader, coll, { ...query, variables }))
    yield fields === undefined ? readPlain(raw) : readPlainFields(raw, fields)
}

/** Runs stages over a collection of the source's database: what an index can answer by the planner, the rest by mingo, lazily. */
export function runPipeline(
  source: Source,
  name: string,
  stages: readonly Doc[],
  variables: Doc = {},
  hint?: unknown,
): Stream {
  const docs = plainDocs(source, name, stages, variables, hint)
  return runStages(source, docs, splitPipeline(stages, hint).rest, variables)
}

/** Runs stages over plain documents. */
export function runStages(source: Source, docs: Iterable<Doc>, stages: readonly Doc[], variables: Doc = {}): Stream {
  const settings: Options = { ...options(variables), context: stageContext(source) }
  return new Aggregator(stages.map(plainDoc), settings).stream(docs)
}

/** mingo's context with the stages that read other collections bound to the source. */
function stageContext(source: Source): Context {
  const bound = Context.init({
    pipeline: {
      $lookup: (stream: Stream, spec: unknown, settings: Options) => lookup(source, stream, spec, settings),
      $unionWith: (stream: Stream, spec: unknown, settings: Options) => unionWith(source, stream, spec, settings),
      // mingo works windows out with its own $function; what comes in was checked for scripts.
      $setWindowFields: (stream: Stream, spec: WindowSpec, settings: Options) =>
        $setWindowFields(stream, spec, { ...options({ ...settings.variables }), scriptEnabled: true }),
      $graphLookup: (stream: Stream, spec: unknown, settings: Options) => graphLookup(source, stream, spec, settings),
    },
  })
  return Context.from(bound, context())
}

function setField(doc: Doc, field: string, value: unknown): Doc {
  const out = { ...doc }
  const [root = field, ...rest] = field.split('.')
  if (rest.length === 0) return { ...out, [field]: value }
  out[root] = isDoc(out[root]) ? { ...out[root] } : {}
  placeAt(out, field.split('.'), true)?.set(value)
  return out
}

function lookup(source: Source, stream: Stream, spec: unknown, settings: Options): Stream {
  if (!isDoc(spec) || typeof spec.as !== 'string') return fail(9, 'must specify `as` field for a $lookup')
  const { from, localField, foreignField, as } = spec
  const stages = spec.pipeline === undefined ? [] : checkStages(spec.pipeline)
  const joinedFields = typeof localField === 'string' && typeof foreignField === 'string'
  if (typeof from !== 'string' && stages[0]?.$documents === undefined)
    return fail(9, 'must specify `from` field for a $lookup')
  if (!joinedFields && spec.pipeline === undefined)
    return fail(9, '$lookup requires both or neither of localField and foreignField')
  const name = typeof from === 'string' ? from : ''
  return stream.map((doc: Doc) => {
    const inner = isDoc(spec.let) ? asDoc(evalExpr(doc, spec.let, settings)) : {}
    const variables = { ...settings.variables, ...inner }
    const match = joinedFields ? [{ $match: { [foreignField]: { $in: keyValues(doc, localField.split('.')) } } }] : []
    return setField(doc, as, runPipeline(source, name, [...match, ...stages], variables).collect())
  })
}

function unionWith(source: Source, stream: Stream, spec: unknown, settings: Options): Stream {
  const name = typeof spec === 'string' ? spec : isDoc(spec) ? spec.coll : undefined
  const stages = isDoc(spec) && spec.pipeline !== undefined ? checkStages(spec.pipeline) : []
  const others = runPipeline(source, typeof name === 'string' ? name : '', stages, { ...settings.variables })
  return Lazy(both(stream, others))
}

function* both(first: Stream, second: Stream): Generator {
  for (const stream of [first, second]) {
    for (let item = stream.next(); !item.done; item = stream.next()) yield item.value
  }
}

function graphLookup(source: Source, stream: Stream, spec: unknown, settings: Options): Stream {
  if (!isDoc(spec)) return fail(9, 'the $graphLookup specification must be an object')
  const { from, startWith, connectFromField, connectToField, as, maxDepth, depthField } = spec
  if (
    typeof from !== 'string' ||
    typeof connectFromField !== 'string' ||
    typeof connectToField !== 'string' ||
    typeof as !== 'string'
  ) {
    return fail(40105, '$graphLookup needs from, startWith, connectFromField, connectToField and as')
  }
  const restriction = isDoc(spec.restrictSearchWithMatch) ? spec.restrictSearchWithMatch : {}
  prepareFilter(restriction)
  return stream.map((doc: Doc) => {
    const start = evalExpr(doc, startWith, settings)
    const found = new Map<string, Doc>()
    let frontier: unknown[] = Array.isArray(start) ? start : [start]
    const deepest = typeof maxDepth === 'number' ? maxDepth : Infinity
    for (let depth = 0; frontier.length > 0 && depth <= deepest; depth++) {
      const match = { $and: [{ [connectToField]: { $in: frontier } }, restriction] }
      const next = runPipeline(source, from, [{ $match: match }]).collect<Doc>()
      const fresh = next.filter((item) => !found.has(JSON.stringify(item._id)))
      for (const item of fresh)
        found.set(JSON.stringify(item._id), typeof depthField === 'string' ? { ...item, [depthField]: depth } : item)
      frontier = fresh
        .flatMap((item) => keyValues(item, connectFromField.split('.')))
        .filter((value) => value !== null && value !== undefined)
    }
    return setField(doc, as, [...found.values()])
  })
}
