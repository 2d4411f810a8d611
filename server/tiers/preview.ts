import type { Preview } from '@zhiyin/shared/api/tiers'
import type { Condition } from '@zhiyin/shared/condition'
import { stages } from '@zhiyin/shared/stage'
import { withCuts, type TierHow, type TierScheme } from '@zhiyin/shared/tier-scheme'
import { toFilter } from '../conditions/filter.ts'
import type { Clock } from '../platform/clock.ts'
import { placeBy } from '../profile/levels/read.ts'
import { checkShape } from './check.ts'
import { counting, workedStill } from './store.ts'
import type { SchemeDoc } from './tiers.model.ts'
import { windowOf, workedFor } from './cuts.ts'
import { eachBuyer } from './summary.ts'
import type { Survey } from './survey.ts'
import type { Customers } from './types.ts'

type Deps = { clock: Clock; surveys: Pick<Survey, 'summary'>; customers: Pick<Customers, 'count'> }
type Bought = Extract<TierHow, { windowDays: number }>
const isBought = (how: TierHow): how is Bought => how.type === 'rfm' || how.type === 'value'

/** How many a draft would put on each level; `doc` is the scheme as it stands. */
export const createPreview = ({ clock, surveys, customers }: Deps) => {
  const countsOf = ({ levels }: TierScheme, counts: readonly number[]): Preview['levels'] =>
    levels.map(({ key }, i) => ({ key, customers: counts[i] ?? 0 }))

  const byOrders = async (draft: TierScheme, how: Bought, doc: SchemeDoc | null): Promise<Preview> => {
    const kept = await surveys.summary(how.windowDays)
    if (kept === null) return { at: null, customers: 0, buyers: 0, levels: [], moved: null, cuts: null }
    const { summary, at } = kept
    const worked = workedFor({ ...draft, how, worked: doc === null ? null : workedStill(doc, how) }, summary, at)
    const before = doc === null ? null : counting(doc)
    const would = withCuts(how, worked.inForce)
    const stands = before !== null && windowOf(before.how) === how.windowDays ? before : null
    const counts = draft.levels.map(() => 0)
    let moved = 0
    const add = (place: number, old: number | null, people: number): void => {
      counts[place] = (counts[place] ?? 0) + people
      if (old !== null && stands?.levels[old]?.key !== draft.levels[place]?.key) moved += people
    }
    const oldHow = stands === null || !isBought(stands.how) ? null : stands.how
    if (isBought(would)) {
      eachBuyer(summary, (of) => add(placeBy(would, of), oldHow === null ? null : placeBy(oldHow, of), 1))
      const others = summary.customers - summary.buyers
      add(placeBy(would, null), oldHow === null ? null : placeBy(oldHow, null), others)
    }
    return {
      at: at.toISOString(),
      customers: summary.customers,
      buyers: summary.buyers,
      levels: countsOf(draft, counts),
      moved: oldHow === null ? null : moved,
      cuts: worked.inForce ?? worked.cuts,
    }
  }

  /** Counted by the database: each level by its condition, those before it left out. */
  const byConditions = async (
    draft: TierScheme,
    parts: readonly { level: string; condition: Condition }[],
  ): Promise<number[]> => {
    const now = clock.date()
    const perPart = await Promise.all(
      parts.map(({ condition }, i) => {
        const before = parts.slice(0, i).map((part): Condition => ({ type: 'not', of: part.condition }))
        return customers.count(toFilter({ type: 'all', of: [condition, ...before] }, now))
      }),
    )
    return draft.levels.map(({ key }) =>
      parts.reduce((sum, { level }, i) => (level === key ? sum + (perPart[i] ?? 0) : sum), 0),
    )
  }

  return async (draft: TierScheme, doc: SchemeDoc | null): Promise<Preview> => {
    checkShape(draft)
    const { how } = draft
    if (isBought(how)) return byOrders(draft, how, doc)
    const everybody = await customers.count({})
    const at = clock.date().toISOString()
    const bare = { at, customers: everybody, buyers: null, cuts: null }
    if (how.type === 'table') {
      const counts = await byConditions(draft, how.rows)
      const rest = draft.levels.findIndex(({ key }) => key === how.otherwise)
      counts[rest] = (counts[rest] ?? 0) + everybody - counts.reduce((sum, count) => sum + count, 0)
      return { ...bare, levels: countsOf(draft, counts), moved: null }
    }
    const perStage = await Promise.all(stages.map((stage) => customers.count({ 'stage.stage': stage })))
    const inLevel = (key: string): number =>
      stages.reduce((sum, stage, i) => (how.levels[stage] === key ? sum + (perStage[i] ?? 0) : sum), 0)
    const old = doc?.how.type === 'lifecycle' ? doc.how : null
    const moved = stages.reduce(
      (sum, stage, i) => (old?.levels[stage] === how.levels[stage] ? sum : sum + (perStage[i] ?? 0)),
      0,
    )
    return {
      ...bare,
      levels: countsOf(
        draft,
        draft.levels.map(({ key }) => inLevel(key)),
      ),
      moved: old === null ? null : moved,
    }
  }
}
