import type { Reader } from '../store/access.ts'
import type { Collection } from '../store/catalog.ts'
import type { Plan } from './choose.ts'
import { rank } from '../bson/compare.ts'
import { soleTests } from './conditions.ts'
import { find, planOf, type FindQuery } from './find.ts'
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

/** How many documents a query finds; counted in the index alone where that holds the whole answer. */
export function countFound(reader: Reader, coll: Collection, query: FindQuery): number {
  const { skip = 0, limit = 0 } = query
  const plan = planOf(coll, query)
  let n = 0
  if (reader.overlay(coll) !== undefined || !entriesAreMatches(query, plan)) {
    for (const _found of find(reader, coll, query)) n++
    return n
  }
  if (!plan.index.multikey) for (const _entry of entriesOf(reader, plan)) n++
  else {
    const owners = new Set<string>()
    for (const { value } of entriesOf(reader, plan)) owners.add(value.toString('latin1'))
    n = owners.size
  }
  const rest = Math.max(0, n - skip)
  return limit === 0 ? rest : Math.min(limit, rest)
}
