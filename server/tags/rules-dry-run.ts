import type { Because } from '@zhiyin/shared/because'
import { because } from '@zhiyin/shared/because'
import type { TagRuleChange, TagRuleInput } from '@zhiyin/shared/tag-rule'
import { evaluate } from '../conditions/evaluate.ts'
import { profiled, seenBy, toFilter, type CustomerFilter } from '../conditions/filter.ts'
import type { Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { CustomerView } from '../profile/view.ts'
import type { TagTerms } from '../profile/types.ts'

export type DryRunDeps = {
  clock: Clock
  count: (filter: CustomerFilter) => Promise<number>
  scan: (filter: CustomerFilter, after: string | null, limit: number) => Promise<CustomerView[]>
  terms: () => Promise<TagTerms>
  /** Whether nobody is profiled without a recorded consent. */
  needsGrant: () => Promise<boolean>
}

export type DryRow = {
  readonly view: CustomerView
  readonly change: TagRuleChange
  readonly because: readonly Because[]
}
export type Dry = {
  readonly at: Date
  readonly gets: number
  readonly keeps: number
  readonly loses: number
  readonly blocked: number
  readonly rows: readonly DryRow[]
}

/** So many of each change are shown. */
const shown = 20

/**
 * Who would get and lose a tag by a rule as customers stand now; writes nothing. `id`: of a rule that is on already, whose tag customers
 * may lose by its change. Only customers of the reps in `scope` are counted and shown; null: everybody's.
 */
export const createTagRuleDryRun =
  ({ clock, count, scan, terms, needsGrant }: DryRunDeps) =>
  async ({ tagId, condition }: TagRuleInput, id: string | null, scope: Scope): Promise<Dry> => {
    const at = clock.date()
    const [{ exclusive }, mustAgree] = await Promise.all([terms(), needsGrant()])
    const siblings = exclusive
      .filter((group) => group.includes(tagId))
      .flatMap((group) => group.filter((one) => one !== tagId))
    const meets = { $and: [toFilter(condition, at), profiled(mustAgree)] }
    const has = { tagIds: tagId }
    const takenOff = { 'state.tags': { $elemMatch: { id: tagId, on: false, source: { $nin: ['rule', 'model'] } } } }
    const barred = siblings.length === 0 ? takenOff : { $or: [takenOff, { tagIds: { $in: siblings } }] }
    const filters: Readonly<Record<TagRuleChange | 'keeps', CustomerFilter | null>> = {
      gets: { $and: [meets, { $nor: [has, barred] }] },
      blocked: { $and: [meets, barred, { $nor: [has] }] },
      keeps: { $and: [meets, has] },
      loses: id === null ? null : { $and: [has, { 'ruleTags.ruleId': id }, { $nor: [meets] }] },
    }
    const countOf = async (filter: CustomerFilter | null): Promise<number> =>
      filter === null ? 0 : count(seenBy(filter, scope))
    const rowsOf = async (change: TagRuleChange): Promise<DryRow[]> => {
      const filter = filters[change]
      if (filter === null) return []
      return (await scan(seenBy(filter, scope), null, shown)).map((view) => ({
        view,
        change,
        because: reasonsOf(view, change),
      }))
    }
    const reasonsOf = (view: CustomerView, change: TagRuleChange): Because[] => {
      const { because: reasons } = evaluate(condition, view, at)
      if (change !== 'blocked') return reasons
      const sibling = siblings.some((one) => view.tagIds.includes(one))
      return [because(sibling ? 'tag.other_of_group' : 'tag.taken_off'), ...reasons]
    }
    const [gets, keeps, loses, blocked, ...rows] = await Promise.all([
      countOf(filters.gets),
      countOf(filters.keeps),
      countOf(filters.loses),
      countOf(filters.blocked),
      rowsOf('gets'),
      rowsOf('loses'),
      rowsOf('blocked'),
    ])
    return { at, gets, keeps, loses, blocked, rows: rows.flat() }
  }
