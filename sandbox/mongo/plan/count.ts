import type { Reader } from '../store/access.ts'
import type { Collection } from '../store/catalog.ts'
import type { Plan } from './choose.ts'
import { soleTest } from './conditions.ts'
import { find, planOf, type FindQuery } from './find.ts'
import { entriesOf } from './read.ts'

/** Whether the entries a plan reads are the matches, each of them and nothing else. */
function entriesAreMatches(query: FindQuery, plan: Plan): plan is Extract<Plan, { kind: 'index' }> {
  if (plan.kind !== 'index' || query.strings !== undefined) return false
  const test = soleTest(query.filter)
  return plan.bounded && test !== undefined && test.field === plan.index.fields[0]?.field
}

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
