import { describe } from '../bson/describe.ts'
import { isDoc, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { compileFilter } from '../query/compile.ts'
import { prepareFilter } from '../query/filter.ts'
import type { Test } from '../query/operators.ts'
import { MISSING, valueAt } from '../query/paths.ts'

/** Tests of array elements by the identifier used in `$[identifier]`. */
export type ArrayFilters = ReadonlyMap<string, Test>

/** Compiles arrayFilters; throws FailedToParse for filters that name no identifier, two, or one twice. */
export function parseArrayFilters(filters: readonly unknown[]): ArrayFilters {
  const tests = new Map<string, Test>()
  for (const filter of filters) {
    if (!isDoc(filter)) return fail(14, 'Array filters must be objects')
    const identifier = identifierOf(filter)
    if (identifier === undefined || !/^[a-z][a-zA-Z0-9]*$/.test(identifier)) {
      return fail(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier ?? ''}'`,
      )
    }
    if (tests.has(identifier)) fail(9, `Found multiple array filters with the same top-level field name ${identifier}`)
    const test = compileFilter(prepareFilter(filter))
    tests.set(identifier, (item) => test({ [identifier]: item }))
  }
  return tests
}

function identifierOf(filter: Doc): string | undefined {
  const [field, value] = Object.entries(filter)[0] ?? []
  if (field === undefined) return undefined
  if (!field.startsWith('$')) return field.split('.', 1)[0]
  const clause = Array.isArray(value) ? (value[0] as unknown) : undefined
  return isDoc(clause) ? identifierOf(clause) : undefined
}

/** The conditions a query makes of an array field, so that `$` can find the element that met them. */
function elementConditions(filter: Doc, field: string): Doc[] {
  return Object.entries(filter).flatMap(([name, condition]) => {
    if (name === '$and' && Array.isArray(condition)) {
      return condition.flatMap((clause) => (isDoc(clause) ? elementConditions(clause, field) : []))
    }
    return name === field || name.startsWith(`${field}.`) ? [{ [`item${name.slice(field.length)}`]: condition }] : []
  })
}

function matchedIndex(doc: Doc, path: readonly string[], filter: Doc): number {
  const list = valueAt(doc, path)
  const tests = elementConditions(filter, path.join('.')).map((condition) => compileFilter(condition))
  const index =
    Array.isArray(list) && tests.length > 0
      ? list.findIndex((item) => tests.every((test) => test({ item: [item] })))
      : -1
  return index >= 0 ? index : fail(2, 'The positional operator did not find the match needed from the query.')
}

/**
 * Turns a path with `$`, `$[]` and `$[identifier]` into the concrete paths it means for a document.
 * `filter` is the prepared query that found the document.
 */
export function concretePaths(doc: Doc, path: readonly string[], filter: Doc, arrayFilters: ArrayFilters): string[][] {
  let paths: string[][] = [[]]
  for (const part of path) {
    if (part === '$') paths = paths.map((done) => [...done, String(matchedIndex(doc, done, filter))])
    else if (part.startsWith('$[') && part.endsWith(']')) {
      const test = elementTest(part.slice(2, -1), arrayFilters)
      paths = paths.flatMap((done) => {
        const list = valueAt(doc, done)
        if (!Array.isArray(list)) {
          const found = list === MISSING ? 'must exist' : `is not an array: ${describe(list)}`
          return fail(
            2,
            `The path '${done.join('.')}' must exist in the document in order to apply array updates (${found}).`,
          )
        }
        return list.flatMap((item, index) => (test(item) ? [[...done, String(index)]] : []))
      })
    } else paths = paths.map((done) => [...done, part])
  }
  return paths
}

function elementTest(identifier: string, arrayFilters: ArrayFilters): Test {
  if (identifier === '') return () => true
  return arrayFilters.get(identifier) ?? fail(2, `No array filter found for identifier '${identifier}' in path`)
}
