import { Lazy, type Iterator } from 'mingo/lazy'
import { compareValues, type CompareStrings } from '../bson/compare.ts'
import { isDoc, toNumber } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { keyValues } from './paths.ts'

/** One field to sort by. */
export interface SortField {
  field: string
  path: readonly string[]
  direction: 1 | -1
}

/** Reads a sort specification; throws BadValue for directions that are not 1 or -1. */
export function parseSort(spec: unknown): SortField[] {
  if (spec === undefined || spec === null) return []
  if (!isDoc(spec)) fail(14, `Expected field sort to be of type object`)
  return Object.entries(spec).map(([field, value]) => {
    const direction = toNumber(value)
    if (field.startsWith('$') && field !== '$natural') fail(16410, `FieldPath field names may not start with '$'.`)
    if (isDoc(value) && '$meta' in value) fail(238, 'sorting by $meta is not supported by this server')
    if (direction !== 1 && direction !== -1) {
      return fail(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
    }
    return { field, path: field.split('.'), direction }
  })
}

/** The value a document is sorted by: of an array the least for ascending order, the greatest for descending. */
function sortKey(doc: unknown, field: SortField, strings?: CompareStrings): unknown {
  const values = keyValues(doc, field.path)
  let best = values[0]
  for (const value of values) if (compareValues(value, best, strings) * field.direction < 0) best = value
  return best
}

/** Sorts by the fields given, stable; `docOf` finds the document in an item, `strings` is a collation. Returns a new array. */
export function sortBy<T>(
  items: readonly T[],
  fields: readonly SortField[],
  docOf: (item: T) => unknown,
  strings?: CompareStrings,
): T[] {
  const keyed = items.map((item) => ({ item, keys: fields.map((field) => sortKey(docOf(item), field, strings)) }))
  keyed.sort((a, b) => {
    for (let i = 0; i < fields.length; i++) {
      const order = compareValues(a.keys[i], b.keys[i], strings)
      if (order !== 0) return order * (fields[i]?.direction ?? 1)
    }
    return 0
  })
  return keyed.map(({ item }) => item)
}

/** The $sort stage of aggregation pipelines. */
export function sortStage(stream: Iterator, spec: unknown, _options: unknown): Iterator {
  const fields = parseSort(spec)
  if (fields.length === 0) fail(15976, '$sort stage must have at least one sort key')
  return stream.transform((items) => Lazy(sortBy(items, fields, (doc) => doc)))
}
