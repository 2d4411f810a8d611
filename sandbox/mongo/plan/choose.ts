import { bsonType, isDoc, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { SortField } from '../query/sort.ts'
import type { Collection, IndexInfo } from '../store/catalog.ts'
import { fieldRanges, keyRange, pointRange, type FieldRange } from './bounds.ts'
import { conditionsOf, impliesExists, type Condition, type Element } from './conditions.ts'
import { impliesPartial } from './implies.ts'

/** A stretch of an index to read; `prefixLength` is how many bytes are the same in all its keys (for merging in sort order). */
export interface IndexRange {
  low: Buffer
  high: Buffer
  prefixLength: number
}

/**
 * How a query is answered: by reading the documents in _id order, an index in key order, or several ways whose results are
 * joined. `exact` means that each range of a unique index is one whole key.
 */
export type Plan =
  | { kind: 'documents'; ranges: IndexRange[]; reverse: boolean; sorted: boolean; bounded: boolean }
  | {
      kind: 'index'
      index: IndexInfo
      ranges: IndexRange[]
      reverse: boolean
      sorted: boolean
      merge: boolean
      bounded: boolean
      exact: boolean
    }
  | { kind: 'either'; plans: Plan[]; sorted: false; bounded: true }

/** Far beyond what a batch asks for at once; of several long lists only the first fields narrow. */
const MAX_RANGES = 50_000
/** Keys below this length are stored whole, so that a unique entry can be fetched without a scan. */
const MAX_EXACT_KEY = 880

/** The _id index, seen as an index like the others; its entries are the documents themselves. */
export const ID_INDEX: Pick<IndexInfo, 'name' | 'key' | 'fields'> = {
  name: '_id_',
  key: { _id: 1 },
  fields: [{ field: '_id', path: ['_id'], descending: false }],
}

interface Candidate {
  ranges: IndexRange[]
  fixed: boolean[]
  several: boolean[]
  equalities: number
  ranged: boolean
}

/**
 * The key ranges conditions leave in an index: every combination of the points of leading fields, then one range. Of the fields below one
 * array only the first is narrowed, for the others may be met by other elements; but with `element` all that it asks of one element.
 */
function candidate(
  index: Pick<IndexInfo, 'fields'>,
  multikey: boolean,
  conditions: Map<string, Condition[]>,
  element?: Element,
): Candidate {
  const out: Candidate = { ranges: [], fixed: [], several: [], equalities: 0, ranged: false }
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  let last: FieldRange[] | undefined
  const roots = new Set<string>()
  for (const { field, path, descending } of index.fields) {
    const root = path[0] ?? field
    const within = element !== undefined && field.startsWith(element.base)
    const asked = conditions.get(field) ?? []
    const ranges =
      multikey && !within && roots.has(root)
        ? undefined
        : fieldRanges(within ? asked.filter((one) => one.element === element) : asked, descending, multikey)
    roots.add(root)
    if (ranges === undefined || prefixes.length * ranges.length > MAX_RANGES) break
    if (ranges.some(({ point }) => !point)) {
      last = ranges
      break
    }
    prefixes = prefixes.flatMap((prefix) => ranges.map(({ low }) => Buffer.concat([prefix, low])))
    out.fixed.push(ranges.length === 1)
    out.several.push(ranges.length > 1)
    out.equalities++
  }
  out.ranged = last !== undefined
  // Long keys are cut, so that two points can have one range.
  out.ranges = prefixes
    .flatMap((prefix) =>
      (last ?? [undefined]).map((range) => ({ ...keyRange(prefix, range), prefixLength: prefix.length })),
    )
    .filter(({ low, high }, i, all) => all[i - 1]?.low.equals(low) !== true || all[i - 1]?.high.equals(high) !== true)
  return out
}

/** Whether keys in index order, with some fields constant, are in the order asked for; and if so, whether backwards. */
function inOrder(
  fields: IndexInfo['fields'],
  constant: readonly boolean[],
  sort: readonly SortField[],
): { reverse: boolean } | undefined {
  let at = 0
  let direction = 0
  for (const wanted of sort) {
    const position = fields.findIndex(({ field }) => field === wanted.field)
    if (position >= 0 && constant[position] === true) continue
    while (constant[at] === true) at++
    const field = fields[at]
    if (field === undefined || position !== at) return undefined
    const same = field.descending === (wanted.direction === -1) ? 1 : -1
    if (direction !== 0 && same !== direction) return undefined
    direction = same
    at++
  }
  return { reverse: direction === -1 }
}

/** How to read a candidate so that the order asked for comes out: as it lies, or merging its ranges; undefined if it cannot. */
function order(
  fields: IndexInfo['fields'],
  found: Candidate,
  sort: readonly SortField[],
): { reverse: boolean; merge: boolean } | undefined {
  const straight = inOrder(fields, found.fixed, sort)
  if (straight !== undefined) return { ...straight, merge: false }
  if (!found.several.includes(true)) return undefined
  const sortsBySeveral = sort.some(
    ({ field }) => found.several[fields.findIndex((other) => other.field === field)] === true,
  )
  if (sortsBySeveral) return undefined
  const merged = inOrder(
    fields,
    found.fixed.map((fixed, i) => fixed || found.several[i] === true),
    sort,
  )
  return merged === undefined ? undefined : { ...merged, merge: true }
}

function usable(index: IndexInfo, conditions: Map<string, Condition[]>, prepared: Doc): boolean {
  if (index.hidden) return false
  if (index.partial !== undefined && !impliesPartial(conditions, prepared, index.partial.filter)) return false
  if (!index.sparse) return true
  return index.fields.some(({ field }) => (conditions.get(field) ?? []).some(impliesExists))
}

/** How narrow a candidate is: equalities first. */
const narrowness = ({ equalities, ranged }: Candidate): number => equalities * 4 + (ranged ? 2 : 0)

/** The narrowest way to read an index; of a multikey one for each $elemMatch that asks for several of its fields. */
function bestCandidate(index: IndexInfo, conditions: Map<string, Condition[]>): Candidate {
  let best = candidate(index, index.multikey, conditions)
  if (!index.multikey || index.fields.length === 1) return best
  const elements = new Set(index.fields.flatMap(({ field }) => (conditions.get(field) ?? []).map((one) => one.element)))
  for (const element of elements) {
    if (element === undefined) continue
    const rival = candidate(index, true, conditions, element)
    if (narrowness(rival) > narrowness(best)) best = rival
  }
  return best
}

function indexPlan(
  index: IndexInfo,
  conditions: Map<string, Condition[]>,
  sort: readonly SortField[],
): { plan: Plan; score: number } {
  const found = bestCandidate(index, conditions)
  const way = sort.length > 0 && !index.multikey ? order(index.fields, found, sort) : undefined
  const bounded = found.equalities > 0 || found.ranged
  const point = index.unique && found.equalities === index.fields.length
  const plan: Plan = {
    kind: 'index',
    index,
    ranges: found.ranges,
    reverse: way?.reverse ?? false,
    sorted: way !== undefined,
    merge: way?.merge ?? false,
    bounded,
    exact: point && found.ranges.every(({ low }) => low.length < MAX_EXACT_KEY),
  }
  // An index of some documents only, and of all that can match: to read all of it beats reading everybody.
  const some = index.partial !== undefined || index.sparse
  const score = narrowness(found) + (way !== undefined ? 3 : 0) + (point ? 20 : 0) + (some ? 0.5 : 0)
  return { plan, score: bounded || some || way !== undefined ? score - index.fields.length / 100 : -1 }
}

function documentPlan(conditions: Map<string, Condition[]>, sort: readonly SortField[]): { plan: Plan; score: number } {
  const found = candidate(ID_INDEX, false, conditions)
  const way = sort.length > 0 ? order(ID_INDEX.fields, found, sort) : undefined
  const bounded = found.equalities > 0 || found.ranged
  const plan: Plan = {
    kind: 'documents',
    ranges: found.ranges,
    reverse: way?.reverse ?? false,
    sorted: way !== undefined,
    bounded,
  }
  return { plan, score: found.equalities * 30 + (found.ranged ? 2 : 0) + (way !== undefined ? 3.5 : 0) }
}

/** The index a hint names, by name or by key pattern; throws BadValue when there is none. */
function hinted(coll: Collection, hint: unknown): IndexInfo | 'natural' | '_id' {
  if (isDoc(hint) && '$natural' in hint) return 'natural'
  if (hint === '_id_' || (isDoc(hint) && Object.keys(hint).join() === '_id')) return '_id'
  const found = coll.indexes.find(({ name, key }) =>
    typeof hint === 'string' ? name === hint : isDoc(hint) && JSON.stringify(key) === JSON.stringify(hint),
  )
  return (
    found ??
    fail(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    )
  )
}

function eitherPlan(coll: Collection, prepared: Doc): Plan | undefined {
  const branches = Array.isArray(prepared.$or) ? (prepared.$or as unknown[]) : []
  if (branches.length === 0) return undefined
  const { $or: _branches, ...rest } = prepared
  const plans = branches.map((branch) => choosePlan(coll, isDoc(branch) ? { $and: [rest, branch] } : rest, []))
  return plans.every(({ bounded, kind }) => bounded || kind === 'index')
    ? { kind: 'either', plans, sorted: false, bounded: true }
    : undefined
}

/**
 * Picks how to answer a query: equality counts most, then a range, then giving the sort order. `prepared` comes from prepareFilter;
 * the conditions not answered by the plan are left to the compiled filter.
 */
export function choosePlan(coll: Collection, prepared: Doc, sort: readonly SortField[], hint?: unknown): Plan {
  const conditions = conditionsOf(prepared)
  const wanted = sort[0]?.field === '$natural' ? [{ field: '_id', path: ['_id'], direction: sort[0].direction }] : sort
  const direct = documentPlan(conditions, wanted)
  if (hint !== undefined && bsonType(hint) !== 'null') {
    const index = hinted(coll, hint)
    if (index === 'natural' || index === '_id') return direct.plan
    return indexPlan(index, conditions, wanted).plan
  }
  let best = direct
  for (const index of coll.indexes) {
    const first = index.fields[0]?.field ?? ''
    if (!conditions.has(first) && wanted[0]?.field !== first) continue
    if (!usable(index, conditions, prepared)) continue
    const rival = indexPlan(index, conditions, wanted)
    if (rival.score > best.score) best = rival
  }
  if (best.plan.bounded || best.plan.sorted) return best.plan
  return eitherPlan(coll, prepared) ?? best.plan
}

/** The key of a single document when the query asks for exactly one _id. */
export function singleId(prepared: Doc): Buffer | undefined {
  const condition = prepared._id
  if (!isDoc(condition) || !('$eq' in condition) || Array.isArray(condition.$eq) || condition.$eq === undefined)
    return undefined
  return Object.keys(condition).length === 1 ? pointRange(condition.$eq, false).low : undefined
}
