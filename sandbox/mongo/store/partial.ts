import { bsonType, isDoc, type Doc } from '../bson/values.ts'
import { storedTest } from '../query/forms.ts'
import { fieldOperators } from '../query/operators.ts'
import { isPlain } from '../query/paths.ts'
import type { StoredVisit } from '../query/stored-paths.ts'
import type { KeyField, Places } from './places.ts'

/** One thing a partial index asks of a field: that a value of it passes; undefined: that it is there. */
export interface PartialTest {
  readonly field: KeyField
  readonly passes: StoredVisit | undefined
}

const OPERATORS = new Map(Object.entries(fieldOperators()))
/** A field passes these when one of its values does, and no value that is missing passes them. */
const SIMPLE: ReadonlySet<string> = new Set(['$eq', '$gt', '$gte', '$lt', '$lte'])
const SCALARS: ReadonlySet<string> = new Set(['string', 'int', 'long', 'double', 'bool', 'date', 'objectId'])

/** The tests of one operator on a field; undefined where that is not so simple. */
function testsOf(field: KeyField, operator: string, operand: unknown): PartialTest[] | undefined {
  if (operator === '$exists') return operand === true ? [{ field, passes: undefined }] : undefined
  if (!SIMPLE.has(operator) || !SCALARS.has(bsonType(operand))) return undefined
  const tests = OPERATORS.get(operator)?.(operand) ?? []
  const found = tests.flatMap((test) => ('element' in test ? [] : [{ field, passes: storedTest(test) }]))
  return found.length === 0 ? undefined : found
}

/**
 * The prepared filter of a partial index as tests of places that are known already; undefined where it has to be asked of the whole
 * document.
 */
export function partialTests(
  filter: Doc,
  fieldOf: (path: readonly string[]) => KeyField,
): readonly PartialTest[] | undefined {
  const all: PartialTest[] = []
  for (const [name, condition] of Object.entries(filter)) {
    const path = name.split('.')
    if (!isPlain(path) || !isDoc(condition)) return undefined
    const field = fieldOf(path)
    for (const [operator, operand] of Object.entries(condition)) {
      const tests = testsOf(field, operator, operand)
      if (tests === undefined) return undefined
      all.push(...tests)
    }
  }
  return all
}

function passesOne({ field, passes }: PartialTest, places: Places): boolean {
  const spots = places.of(field)
  if (passes === undefined) return spots.present
  for (let i = 0; i < spots.count; i++)
    if (passes(places.bytes, spots.type(i), spots.start(i), spots.end(i))) return true
  return false
}

/** Whether a document passes them all. */
export function passesAll(tests: readonly PartialTest[], places: Places): boolean {
  for (const test of tests) if (!passesOne(test, places)) return false
  return true
}
