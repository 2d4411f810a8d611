import { isDoc, toNumber, type Doc, asDoc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { FindQuery } from '../plan/find.ts'
import { SCRIPTS, unknownExpression } from '../query/compile.ts'
import { prepareFilter } from '../query/filter.ts'
import { parseSort } from '../query/sort.ts'

const STAGES = new Set([
  '$addFields', '$bucket', '$bucketAuto', '$collStats', '$count', '$densify', '$documents', '$facet', '$fill', '$graphLookup', '$group', '$limit', '$lookup',
  '$match', '$merge', '$out', '$project', '$redact', '$replaceRoot', '$replaceWith', '$sample', '$set', '$setWindowFields', '$skip', '$sort',
  '$sortByCount', '$unionWith', '$unset', '$unwind',
]) // prettier-ignore
const REAL_BUT_REFUSED = new Set([
  '$currentOp', '$geoNear', '$indexStats', '$listLocalSessions', '$listSessions', '$planCacheStats', '$search', '$searchMeta',
  '$vectorSearch', '$changeStreamSplitLargeEvent', '$rankFusion', '$listSearchIndexes',
]) // prettier-ignore

const OF_EXPRESSIONS = new Set([
  '$addFields', '$bucket', '$group', '$project', '$redact', '$replaceRoot', '$replaceWith', '$set', '$setWindowFields', '$sortByCount',
]) // prettier-ignore

function checkExpressions(stage: string, spec: unknown): void {
  const unknown = unknownExpression(spec)
  if (unknown === undefined) return
  if (SCRIPTS.has(unknown)) fail(238, `${unknown} is not supported by this server, which runs no scripts`)
  if (stage === '$project') fail(31325, `Invalid $project :: caused by :: Unknown expression ${unknown}`)
  fail(168, `Invalid ${stage} :: caused by :: Unrecognized expression '${unknown}'`)
}

/** Checks the stages of a pipeline, inner ones left to their stage. Throws in MongoDB's words. */
export function checkStages(pipeline: unknown): Doc[] {
  if (!Array.isArray(pipeline)) return fail(14, `A pipeline must be an array of objects`)
  return pipeline.map((stage: unknown, i) => {
    if (!isDoc(stage)) return fail(14, 'Each element of the pipeline array must be an object')
    const names = Object.keys(stage)
    const name = names[0] ?? ''
    if (names.length !== 1) fail(40323, 'A pipeline stage specification object must contain exactly one field.')
    if (name === '$changeStream')
      fail(40573, 'The $changeStream stage is only supported on replica sets; this server has no change streams')
    if (REAL_BUT_REFUSED.has(name)) fail(238, `${name} is not supported by this server`)
    if (!STAGES.has(name)) fail(40324, `Unrecognized pipeline stage name: '${name}'`)
    if ((name === '$collStats' || name === '$documents') && i !== 0)
      fail(40602, `${name} is only valid as the first stage in a pipeline.`)
    if ((name === '$out' || name === '$merge') && i !== pipeline.length - 1)
      fail(40601, `${name} can only be the final stage in the pipeline`)
    if (OF_EXPRESSIONS.has(name)) checkExpressions(name, stage[name])
    if (name === '$match' && isDoc(stage.$match)) prepareFilter(stage.$match)
    if ((name === '$limit' || name === '$skip') && toNumber(stage[name]) === undefined)
      fail(5107201, `invalid argument to ${name} stage: Expected a number`)
    if (name === '$limit' && (toNumber(stage.$limit) ?? 0) <= 0) fail(15958, 'the limit must be positive')
    return stage
  })
}

/** A pipeline taken apart: what the planner can answer with an index, and the stages that are left. */
export interface SplitPipeline {
  query: FindQuery
  rest: Doc[]
}

/** Takes leading $match, $sort, $skip and $limit out of a pipeline as one query. */
export function splitPipeline(stages: readonly Doc[], hint: unknown): SplitPipeline {
  const filters: Doc[] = []
  const query: FindQuery = { filter: {}, hint }
  let at = 0
  for (; isDoc(stages[at]?.$match); at++) filters.push(prepareFilter(asDoc(stages[at]?.$match)))
  query.filter =
    filters.length === 1 && filters[0] !== undefined ? filters[0] : filters.length === 0 ? {} : { $and: filters }
  if (isDoc(stages[at]?.$sort)) query.sort = parseSort(stages[at++]?.$sort)
  const skip = toNumber(stages[at]?.$skip)
  if (skip !== undefined) {
    query.skip = skip
    at++
  }
  const limit = toNumber(stages[at]?.$limit)
  if (limit !== undefined) {
    query.limit = limit
    at++
  }
  return { query, rest: stages.slice(at) }
}

/** The field a pipeline's only remaining stage counts into: `$count`, or a `$group` that only sums ones under a constant _id. */
export function countsInto(rest: readonly Doc[]): { field: string; id: unknown; hasId: boolean } | undefined {
  const [stage] = rest
  if (stage === undefined || rest.length !== 1) return undefined
  if (typeof stage.$count === 'string') return { field: stage.$count, id: undefined, hasId: false }
  if (!isDoc(stage.$group)) return undefined
  const { _id: id, ...fields } = stage.$group
  const [field, ...others] = Object.keys(fields)
  const sum = field === undefined ? undefined : fields[field]
  const constant = id === null || toNumber(id) !== undefined
  if (field === undefined || others.length > 0 || !constant || !isDoc(sum) || Object.keys(sum).length !== 1)
    return undefined
  return toNumber(sum.$sum) === 1 ? { field, id, hasId: true } : undefined
}
