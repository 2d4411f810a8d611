import { Context, evalExpr, ProcessingMode } from 'mingo/core'
import * as accumulators from 'mingo/operators/accumulator'
import * as expressions from 'mingo/operators/expression'
import * as pipelines from 'mingo/operators/pipeline'
import * as projections from 'mingo/operators/projection'
import * as queries from 'mingo/operators/query'
import * as windows from 'mingo/operators/window'
import type { Iterator } from 'mingo/lazy'
import { Query } from 'mingo/query'
import type { Options } from 'mingo/types'
import type { CompareStrings } from '../bson/compare.ts'
import { isDoc, isTruthy, plainDoc, toPlain, type Doc, asDoc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { bucketStage } from './bucket.ts'
import { bsonExpressions } from './expressions.ts'
import { prepareFilter } from './filter.ts'
import { fieldOperators, type FieldOperator, type Test } from './operators.ts'
import { sortStage } from './sort.ts'

function matchStage(stream: Iterator, filter: unknown, settings: Options): Iterator {
  if (!isDoc(filter)) return fail(15959, 'the match filter must be an expression in an object')
  return stream.filter(compileFilter(prepareFilter(filter), settings.variables))
}

const FULL_CONTEXT = Context.init({
  accumulator: accumulators,
  expression: { ...expressions, ...bsonExpressions },
  pipeline: { ...pipelines, $sort: sortStage, $match: matchStage, $bucket: bucketStage },
  projection: projections,
  query: queries,
  window: windows,
})

/** Real operators that run scripts, which this server does not. */
export const SCRIPTS: ReadonlySet<string> = new Set(['$function', '$accumulator'])

const KNOWN_EXPRESSIONS = new Set([
  ...Object.keys({ ...expressions, ...bsonExpressions, ...accumulators, ...windows, ...projections }),
  '$literal', '$const', '$sortArray', '$meta',
]) // prettier-ignore

/** The first operator in an aggregation expression that is not there or not allowed; undefined when all are. */
export function unknownExpression(expression: unknown): string | undefined {
  if (Array.isArray(expression)) {
    for (const item of expression) {
      const found = unknownExpression(item)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isDoc(expression) || '$literal' in expression) return undefined
  for (const [name, operand] of Object.entries(expression)) {
    if (name.startsWith('$') && (SCRIPTS.has(name) || !KNOWN_EXPRESSIONS.has(name))) return name
    const found = unknownExpression(operand)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * mingo's operators with ours in place of those that must know BSON: comparisons across types, missing fields and arrays as MongoDB
 * sees them. Query and aggregation both run in this context.
 */
export function context(): Context {
  return FULL_CONTEXT
}

/** mingo's options for this server; scripts ($function, $where) are off. */
export function options(variables: Doc = {}): Options {
  return {
    idKey: '_id',
    processingMode: ProcessingMode.CLONE_OFF,
    useStrictMode: true,
    scriptEnabled: false,
    failOnError: true,
    context: context(),
    variables,
  }
}

type Operators = ReadonlyMap<string, FieldOperator>

function operatorsFor(strings?: CompareStrings): Operators {
  const operators: Operators = new Map(
    Object.entries(fieldOperators((filter) => filterTest(filter, operators, {}), strings)),
  )
  return operators
}

const BY_BYTES = operatorsFor()

function all(tests: readonly Test[]): Test {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (doc) => {
    for (const test of tests) if (!test(doc)) return false
    return true
  }
}

/** Tests a field with every operator of a prepared condition. */
function fieldTest(field: string, condition: Doc, operators: Operators): Test {
  return all(
    Object.entries(condition).map(([name, operand]) => {
      if (name === '$not') {
        const test = fieldTest(field, asDoc(operand), operators)
        return (doc) => !test(doc)
      }
      const operator = operators.get(name) ?? fail(2, `unknown operator: ${name}`)
      return operator(field, operand)
    }),
  )
}

function clauseTest(name: string, condition: unknown, operators: Operators, variables: Doc): Test {
  if (name === '$expr') {
    const evaluate = compileExpression(condition, variables)
    return (doc) => isTruthy(evaluate(asDoc(doc)))
  }
  if (!name.startsWith('$')) return fieldTest(name, asDoc(condition), operators)
  const tests = (Array.isArray(condition) ? (condition as unknown[]) : []).map((clause) =>
    filterTest(asDoc(clause), operators, variables),
  )
  if (name === '$and') return all(tests)
  const some: Test = (doc) => tests.some((test) => test(doc))
  return name === '$or' ? some : (doc) => !some(doc)
}

function filterTest(prepared: Doc, operators: Operators, variables: Doc): Test {
  return all(Object.entries(prepared).map(([name, condition]) => clauseTest(name, condition, operators, variables)))
}

/** Compiles a prepared filter into a test of typed or plain documents; `variables` are those of `let`, `strings` is a collation. */
export function compileFilter(prepared: Doc, variables: Doc = {}, strings?: CompareStrings): Test {
  return filterTest(prepared, strings === undefined ? BY_BYTES : operatorsFor(strings), variables)
}

/** Compiles an aggregation expression into a function of typed documents; its answers are plain. */
export function compileExpression(expression: unknown, variables: Doc = {}): (doc: Doc) => unknown {
  const plain = toPlain(expression)
  // mingo hands its prepared options to query operators; with them, working out an expression costs no copy of the context.
  let prepared = options(variables)
  const receiver = Context.from(Context.init({ query: { $expr: receive } }), FULL_CONTEXT)
  function receive(_selector: string, _operand: unknown, given: Options): Test {
    prepared = given
    return () => true
  }
  new Query({ $expr: true }, { context: receiver, variables: plainDoc(variables) }).test({})
  return (doc) => evalExpr(plainDoc(doc), plain, prepared)
}
