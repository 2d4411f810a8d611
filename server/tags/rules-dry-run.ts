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
  /** The tag a rule sets as it stands; null: it is gone. */
  tagNow: (ruleId: string) => Promise<{ readonly id: string; readonly name: string } | null>
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
  ({ clock, count, scan, terms, needsGrant, tagNow }: DryRunDeps) =>
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
    const before = id === null ? null : await tagNow(id)
    /** The index of tags narrows it. */
    const keptOn = (tag: string): CustomerFilter => ({ tagIds: tag, ruleTags: { $elemMatch: { ruleId: id, id: tag } } })
    const filters: Readonly<Record<TagRuleChange | 'keeps' | 'losesOther', CustomerFilter | null>> = {
      gets: { $and: [meets, { $nor: [has, barred] }] },
      blocked: { $and: [meets, barred, { $nor: [has] }] },
      keeps: { $and: [meets, has] },
      loses: id === null ? null : { $and: [keptOn(tagId), { $nor: [meets] }] },
      // Where it is to set another tag, everybody loses the one it sets now.
      losesOther: before === null || before.id === tagId ? null : keptOn(before.id),
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
    const rowsOfOther = async (): Promise<DryRow[]> => {
      const { losesOther: filter } = filters
      if (filter === null || before === null) return []
      const reasons = [because('tag.rule_other_tag', { tag: before.name })]
      const views = await scan(seenBy(filter, scope), null, shown)
      return views.map((view) => ({ view, change: 'loses', because: reasons }))
    }
    const [gets, keeps, loses, losesOther, blocked, ...rows] = await Promise.all([
      countOf(filters.gets),
      countOf(filters.keeps),
      countOf(filters.loses),
      countOf(filters.losesOther),
      countOf(filters.blocked),
      rowsOf('gets'),
      rowsOf('loses'),
      rowsOfOther(),
      rowsOf('blocked'),
    ])
    return { at, gets, keeps, loses: loses + losesOther, blocked, rows: rows.flat() }
  }
