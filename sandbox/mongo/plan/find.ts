import { readFields } from '../bson/raw.ts'
import type { CompareStrings } from '../bson/compare.ts'
import { isDoc, type Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { compileStored } from '../query/compile.ts'
import { sortBy, type SortField } from '../query/sort.ts'
import type { Reader } from '../store/access.ts'
import type { Collection } from '../store/catalog.ts'
import { choosePlan, type Plan } from './choose.ts'
import { byIds, idsAsked } from './ids.ts'
import { readPlan, type Found } from './read.ts'

/** A query ready to run: `filter` prepared, `limit` 0 for none. */
export interface FindQuery {
  filter: Doc
  sort?: readonly SortField[]
  skip?: number
  limit?: number
  hint?: unknown
  variables?: Doc
  /** The collation's order of strings; no index has it, so documents are all read. */
  strings?: CompareStrings | undefined
}

/** Whether the entries of a plan are already the whole answer: the filter is one equality and each entry one whole key of its index. */
function answered({ filter, strings }: FindQuery, plan: Plan): boolean {
  if (plan.kind !== 'index' || !plan.exact || strings !== undefined || plan.index.fields.length !== 1) return false
  const [[field, condition] = [], ...others] = Object.entries(filter)
  if (others.length > 0 || field !== plan.index.fields[0]?.field || !isDoc(condition)) return false
  return Object.keys(condition).length === 1 && typeof condition.$eq === 'string'
}

/** So many documents are tested in vain before a read says that it is still at work. */
const PAUSE_AFTER = 32

function mustStand(coll: Collection, plan: Plan): void {
  const plans = plan.kind === 'either' ? plan.plans : [plan]
  for (const one of plans)
    if (one.kind === 'index' && !coll.indexes.includes(one.index))
      throw new MongoError(175, `the index ${one.index.name} was dropped while it was being read`)
}

function* tested(reader: Reader, coll: Collection, query: FindQuery, plan: Plan): Generator<Found | undefined> {
  const { filter } = query
  const passes = reader.overlay(coll) === undefined && answered(query, plan)
  const test =
    passes || Object.keys(filter).length === 0 ? undefined : compileStored(filter, query.variables, query.strings)
  let inVain = 0
  for (const found of readPlan(reader, coll, plan)) {
    if (test === undefined || test(found.raw)) yield found
    else if (++inVain % PAUSE_AFTER === 0) {
      yield undefined
      mustStand(coll, plan)
    }
  }
}

function* sorted(
  found: Iterable<Found | undefined>,
  sort: readonly SortField[],
  strings: CompareStrings | undefined,
): Generator<Found | undefined> {
  const fields = new Set(sort.map(({ path }) => path[0] ?? ''))
  const items: { item: Found; doc: Doc }[] = []
  for (const item of found) {
    if (item !== undefined) items.push({ item, doc: readFields(item.raw, fields) })
    yield undefined
  }
  for (const { item } of sortBy(items, sort, ({ doc }) => doc, strings)) yield item
}

/** The plan of a query. A collation leaves only reading all: the indexes hold strings in the order of their bytes. */
export function planOf(coll: Collection, { filter, sort = [], hint, strings }: FindQuery): Plan {
  if (strings === undefined) return choosePlan(coll, filter, sort, hint)
  return choosePlan(coll, {}, sort[0]?.field === '$natural' ? sort : [], hint)
}

function source(reader: Reader, coll: Collection, query: FindQuery): Iterable<Found | undefined> {
  const { sort = [], hint } = query
  const natural = sort[0]?.field === '$natural'
  const asked = hint === undefined && query.strings === undefined && !natural ? idsAsked(query.filter) : undefined
  if (asked !== undefined) {
    const found = byIds(reader, coll, asked, query.variables)
    return sort.length === 0 || asked.keys.length === 1 ? found : sorted(found, sort, undefined)
  }
  reader.mustKnow(coll)
  const plan = planOf(coll, query)
  const inOrder =
    sort.length === 0 || natural || (plan.sorted && query.strings === undefined && reader.overlay(coll) === undefined)
  const matches = tested(reader, coll, query, plan)
  return inOrder ? matches : sorted(matches, sort, query.strings)
}

/**
 * Runs a query lazily: documents that match, in order, after skip and up to limit; between them undefined, where a long read can be held
 * up for others.
 */
export function* findInPieces(reader: Reader, coll: Collection, query: FindQuery): Generator<Found | undefined> {
  const { skip = 0, limit = 0 } = query
  let position = 0
  for (const found of source(reader, coll, query)) {
    if (found === undefined) yield undefined
    else {
      if (position++ < skip) continue
      yield found
      if (limit > 0 && position >= skip + limit) return
    }
  }
}

/** The same in one go. */
export function* find(reader: Reader, coll: Collection, query: FindQuery): Generator<Found> {
  for (const found of findInPieces(reader, coll, query)) if (found !== undefined) yield found
}
