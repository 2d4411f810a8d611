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
import { asDoc, isDoc, isTruthy, plainDoc, toPlain, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { bucketStage } from './bucket.ts'
import { compileOnce } from './evaluate.ts'
import { bsonExpressions } from './expressions.ts'
import { partsOf, prepareFilter } from './filter.ts'
import { asStored, inMemory, storedDocument, type Compile, type Form } from './forms.ts'
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

const BY_BYTES: Operators = new Map(Object.entries(fieldOperators()))

function all<T>(tests: readonly ((doc: T) => boolean)[]): (doc: T) => boolean {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (doc) => {
    for (const test of tests) if (!test(doc)) return false
    return true
  }
}

/** Makes filters into tests of one form of documents. */
function compiler<T>(form: Form<T>, operators: Operators, variables: Doc = {}): (prepared: Doc) => (doc: T) => boolean {
  const compile: Compile<T> = {
    same: (criteria) => compiler(form, operators)(criteria),
    inMemory: (criteria) => compiler(inMemory, operators)(criteria),
  }
  /** Tests a field with every operator of a prepared condition. */
  const field = (name: string, condition: Doc): ((doc: T) => boolean) =>
    all(
      Object.entries(condition).flatMap(([operator, operand]) => {
        if (operator === '$not') {
          const test = field(name, asDoc(operand))
          return [(doc: T) => !test(doc)]
        }
        const tests = (operators.get(operator) ?? fail(2, `unknown operator: ${operator}`))(operand)
        return tests.map((test) => form.field(name, test, compile))
      }),
    )
  const clause = (name: string, condition: unknown): ((doc: T) => boolean) => {
    if (name === '$expr') {
      const evaluate = evaluator(condition, variables)
      const fields = partsOf({ $expr: condition })
      return (doc) => isTruthy(evaluate(form.plain(doc, fields)))
    }
    if (!name.startsWith('$')) return field(name, asDoc(condition))
    const tests = (Array.isArray(condition) ? (condition as unknown[]) : []).map((each) => filter(asDoc(each)))
    if (name === '$and') return all(tests)
    const some = (doc: T): boolean => tests.some((test) => test(doc))
    return name === '$or' ? some : (doc) => !some(doc)
  }
  const filter = (prepared: Doc): ((doc: T) => boolean) =>
    all(Object.entries(prepared).map(([name, condition]) => clause(name, condition)))
  return filter
}

const operatorsFor = (strings: CompareStrings | undefined): Operators =>
  strings === undefined ? BY_BYTES : new Map(Object.entries(fieldOperators(strings)))

/** Compiles a prepared filter into a test of typed or plain documents; `variables` are those of `let`, `strings` is a collation. */
export function compileFilter(prepared: Doc, variables: Doc = {}, strings?: CompareStrings): Test {
  return compiler(inMemory, operatorsFor(strings), variables)(prepared)
}

/** The same for documents as they are stored: they are read no further than the filter asks. */
export function compileStored(prepared: Doc, variables: Doc = {}, strings?: CompareStrings): (raw: Buffer) => boolean {
  const test = compiler(asStored, operatorsFor(strings), variables)(prepared)
  return (raw) => test(storedDocument(raw))
}

/** Compiles an aggregation expression into a function of plain documents. */
function evaluator(expression: unknown, variables: Doc): (doc: Doc) => unknown {
  const plain = toPlain(expression)
  const once = compileOnce(plain)
  if (once !== undefined) return once
  // mingo hands its prepared options to query operators; with them, working out an expression costs no copy of the context.
  let prepared = options(variables)
  const receiver = Context.from(Context.init({ query: { $expr: receive } }), FULL_CONTEXT)
  function receive(_selector: string, _operand: unknown, given: Options): Test {
    prepared = given
    return () => true
  }
  new Query({ $expr: true }, { context: receiver, variables: plainDoc(variables) }).test({})
  return (doc) => evalExpr(doc, plain, prepared)
}

/** Compiles an aggregation expression into a function of typed documents; its answers are plain. */
export function compileExpression(expression: unknown, variables: Doc = {}): (doc: Doc) => unknown {
  const evaluate = evaluator(expression, variables)
  return (doc) => evaluate(plainDoc(doc))
}
