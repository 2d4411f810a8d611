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
import { isDoc, isTruthy, plainDoc, toPlain, type Doc, asDoc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { bsonExpressions } from './expressions.ts'
import { prepareFilter } from './filter.ts'
import { fieldOperators, type Test } from './operators.ts'
import { sortStage } from './sort.ts'

function expressionTest(_selector: string, expression: unknown, settings: Options): Test {
  const plain = toPlain(expression)
  return (doc) => isTruthy(evalExpr(plainDoc(asDoc(doc)), plain, settings))
}

function matchStage(stream: Iterator, filter: unknown, settings: Options): Iterator {
  if (!isDoc(filter)) return fail(15959, 'the match filter must be an expression in an object')
  return stream.filter(compileFilter(prepareFilter(filter), settings.variables))
}

const FIELD_CONTEXT = Context.init({
  query: { ...queries, ...fieldOperators((filter) => compileFilter(filter)) },
})

const FULL_CONTEXT = Context.init({
  accumulator: accumulators,
  expression: { ...expressions, ...bsonExpressions },
  pipeline: { ...pipelines, $sort: sortStage, $match: matchStage },
  projection: projections,
  query: { ...queries, ...fieldOperators((filter) => compileFilter(filter)), $expr: expressionTest },
  window: windows,
})

/**
 * mingo's operators with ours in place of those that must know BSON: comparisons across types, missing fields and arrays as MongoDB
 * sees them. Query and aggregation both run in this context.
 */
export function context(): Context {
  return FULL_CONTEXT
}

function usesExpressions(prepared: Doc): boolean {
  return Object.entries(prepared).some(([field, value]) => {
    if (field === '$expr') return true
    return (
      field.startsWith('$') && Array.isArray(value) && value.some((clause) => isDoc(clause) && usesExpressions(clause))
    )
  })
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

/**
 * Compiles a prepared filter into a test of typed or plain documents; `variables` are those of `let`. mingo copies its context for each
 * query, so filters without expressions get the small one.
 */
export function compileFilter(prepared: Doc, variables: Doc = {}): Test {
  if (Object.keys(prepared).length === 0) return () => true
  const query = new Query(
    prepared,
    usesExpressions(prepared) ? { context: FULL_CONTEXT, variables } : { context: FIELD_CONTEXT },
  )
  return (doc) => query.test(asDoc(doc))
}

/** Compiles an aggregation expression into a function of typed documents; its answers are plain. */
export function compileExpression(expression: unknown): (doc: Doc) => unknown {
  const plain = toPlain(expression)
  // mingo hands its prepared options to query operators; with them, working out an expression costs no copy of the context.
  let prepared = options()
  const receiver = Context.from(Context.init({ query: { $expr: receive } }), FULL_CONTEXT)
  function receive(_selector: string, _operand: unknown, given: Options): Test {
    prepared = given
    return () => true
  }
  new Query({ $expr: true }, { context: receiver }).test({})
  return (doc) => evalExpr(plainDoc(doc), plain, prepared)
}
