import type { Audience } from '@zhiyin/shared/broadcast'
import type { CustomerView } from '../profile/view.ts'
import type { BroadcastDoc } from './broadcasts.model.ts'
import type { CountCustomers, CustomerGroup, CustomerGroups, ScanCustomers } from './types.ts'

/** The next receivers: customers or groups, and the id to go on after; null at the end. */
export type Receivers =
  | { readonly kind: 'customers'; readonly list: readonly CustomerView[]; readonly next: string | null }
  | { readonly kind: 'groups'; readonly list: readonly CustomerGroup[]; readonly next: string | null }

type Deps = { scan: ScanCustomers; count: CountCustomers; groups: CustomerGroups }
export type Of = Pick<BroadcastDoc, 'audience' | 'within'>

/** The reps asked for, as far as the maker may see them; null: all. */
export const repsOf = (asked: readonly string[], within: readonly string[] | null): string[] | null => {
  if (asked.length === 0) return within === null ? null : [...within]
  return within === null ? [...asked] : asked.filter((userid) => within.includes(userid))
}

/** Walks the receivers of a broadcast in the order of their ids. */
export const createAudience = ({ scan, count, groups }: Deps) => {
  const groupsOf = async ({ tiers, owners }: Extract<Audience, { kind: 'groups' }>, within: Of['within']) => {
    const reps = repsOf(owners, within)
    return (await groups()).filter(
      ({ tier, owner }) =>
        (tiers.length === 0 || tiers.includes(tier)) && (reps === null || (owner !== null && reps.includes(owner))),
    )
  }

  return {
    async next({ audience, within }: Of, after: string | null, limit: number): Promise<Receivers> {
      if (audience.kind === 'customers') {
        const userids = repsOf(audience.userids, within)
        const list = await scan({ condition: audience.condition, userids }, after, limit)
        return { kind: 'customers', list, next: list.length < limit ? null : (list.at(-1)?.id ?? null) }
      }
      const rest = (await groupsOf(audience, within)).filter(({ id }) => after === null || id > after)
      const list = rest.slice(0, limit)
      return { kind: 'groups', list, next: rest.length > limit ? (list.at(-1)?.id ?? null) : null }
    },
    async total({ audience, within }: Of): Promise<number> {
      if (audience.kind === 'groups') return (await groupsOf(audience, within)).length
      return count({ condition: audience.condition, userids: repsOf(audience.userids, within) })
    },
  }
}

export type AudienceOf = ReturnType<typeof createAudience>
