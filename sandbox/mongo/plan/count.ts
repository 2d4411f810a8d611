import type { Reader } from '../store/access.ts'
import type { Collection } from '../store/catalog.ts'
import type { Plan } from './choose.ts'
import { rank } from '../bson/compare.ts'
import { soleTests } from './conditions.ts'
import { findInPieces, planOf, type FindQuery } from './find.ts'
import { entriesOf } from './read.ts'

/** Whether the entries a plan reads are the matches, each of them and nothing else. */
function entriesAreMatches(query: FindQuery, plan: Plan): plan is Extract<Plan, { kind: 'index' }> {
  if (plan.kind !== 'index' || query.strings !== undefined) return false
  const sole = soleTests(query.filter)
  if (!plan.bounded || sole === undefined || sole.field !== plan.index.fields[0]?.field) return false
  const [first, ...others] = sole.tests
  if (first === undefined || others.length === 0) return first !== undefined
  // Several comparisons are one range, unless different elements of an array may meet them.
  const kind = rank(first.operand)
  return !plan.index.multikey && sole.tests.every(({ op, operand }) => RANGES.has(op) && rank(operand) === kind)
}

const RANGES = new Set(['$gt', '$gte', '$lt', '$lte'])

/**
 * Counts what a query finds; in the index alone where that holds the whole answer. Gives undefined each time it can be held up for others,
 * and returns the number.
 */
export function* countFound(reader: Reader, coll: Collection, query: FindQuery): Generator<undefined, number> {
  const { skip = 0, limit = 0 } = query
  reader.mustKnow(coll)
  const plan = planOf(coll, query)
  let n = 0
  if (reader.overlay(coll) !== undefined || !entriesAreMatches(query, plan)) {
    for (const found of findInPieces(reader, coll, query)) {
      if (found !== undefined) n++
      yield undefined
    }
    return n
  }
  const owners = plan.index.multikey ? new Set<string>() : undefined
  for (const { value } of entriesOf(reader, plan)) {
    owners?.add(value.toString('latin1'))
    if (++n % PAUSE_AFTER === 0) yield undefined
  }
  const rest = Math.max(0, (owners?.size ?? n) - skip)
  return limit === 0 ? rest : Math.min(limit, rest)
}

/** So many entries are counted before others are let pass. */
const PAUSE_AFTER = 64
