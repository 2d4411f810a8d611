import { Int32 } from 'bson'
import { checkStages, splitPipeline } from '../aggregate/split.ts'
import { isDoc, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { singleId, type Plan } from '../plan/choose.ts'
import { find, planOf, type FindQuery } from '../plan/find.ts'
import { prepareFilter } from '../query/filter.ts'
import { readerOf, type Command, type Request } from './request.ts'
import { findQuery } from './query.ts'

/** A plan as explain shows it. */
function stageOf(plan: Plan, query: FindQuery): Doc {
  const direction = 'reverse' in plan && plan.reverse ? 'backward' : 'forward'
  if (plan.kind === 'either') return { stage: 'OR', inputStages: plan.plans.map((inner) => stageOf(inner, query)) }
  if (plan.kind === 'documents') {
    if (query.strings === undefined && singleId(query.filter) !== undefined) return { stage: 'IDHACK' }
    if (!plan.bounded && !plan.sorted) return { stage: 'COLLSCAN', direction }
    return {
      stage: 'FETCH',
      inputStage: { stage: 'IXSCAN', keyPattern: { _id: 1 }, indexName: '_id_', isUnique: true, direction },
    }
  }
  const { index, merge } = plan
  const scan = {
    stage: 'IXSCAN',
    keyPattern: index.key,
    indexName: index.name,
    isMultiKey: index.multikey,
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partial !== undefined,
    direction,
    ranges: new Int32(plan.ranges.length),
  }
  return { stage: 'FETCH', inputStage: merge ? { stage: 'SORT_MERGE', inputStage: scan } : scan }
}

function queryOf(inner: Doc): { name: string; query: FindQuery } {
  const [command = ''] = Object.keys(inner)
  const name = String(inner[command])
  if (command === 'find') return { name, query: findQuery(inner) }
  if (command === 'aggregate') return { name, query: splitPipeline(checkStages(inner.pipeline), inner.hint).query }
  if (command === 'count' || command === 'distinct')
    return { name, query: { filter: prepareFilter(isDoc(inner.query) ? inner.query : {}), hint: inner.hint } }
  const [statement] = Array.isArray(inner.updates)
    ? (inner.updates as unknown[])
    : Array.isArray(inner.deletes)
      ? (inner.deletes as unknown[])
      : []
  const q = isDoc(statement) ? statement.q : inner.query
  if (['update', 'delete', 'findAndModify'].includes(command))
    return { name, query: { filter: prepareFilter(isDoc(q) ? q : {}) } }
  return fail(59, `Explain failed due to unknown command: ${command}`)
}

/** Tells which index a command would use, and with executionStats how many documents it returns. */
export function explain(request: Request, inner: Doc): Doc {
  const { server, db, body } = request
  const { name, query } = queryOf(inner)
  const coll = server.engine.catalog.get(`${db}.${name}`)
  const plan = coll === undefined ? undefined : planOf(coll, query)
  const access = plan === undefined ? { stage: 'EOF' } : stageOf(plan, query)
  const needsSort = (query.sort ?? []).length > 0 && plan !== undefined && !plan.sorted
  const winningPlan = needsSort ? { stage: 'SORT', inputStage: access } : access
  const stats: Doc = {}
  if (body.verbosity !== 'queryPlanner' && coll !== undefined) {
    const started = performance.now()
    let n = 0
    for (const _found of find(readerOf(request), coll, query)) n++
    stats.executionStats = {
      executionSuccess: true,
      nReturned: new Int32(n),
      executionTimeMillis: new Int32(performance.now() - started),
    }
  }
  return {
    explainVersion: '1',
    queryPlanner: { namespace: `${db}.${name}`, parsedQuery: inner.filter ?? {}, winningPlan, rejectedPlans: [] },
    ...stats,
    ok: 1,
  }
}

const explainCommand: Command = {
  fields: ['verbosity'],
  run: (request) =>
    explain(request, isDoc(request.body.explain) ? request.body.explain : fail(14, 'explain needs a command')),
}

/** The explain command. */
export const explainCommands: Readonly<Record<string, Command>> = { explain: explainCommand }
