import { because, type Because } from '@zhiyin/shared/because'
import type { GroupTierRule } from '@zhiyin/shared/group-tier'
import type { Tier } from '@zhiyin/shared/tier'

/** How many members that we know as customers have each tier. */
export type TierCounts = Readonly<Record<Tier, number>>

/** The tier members give their group, with the reason in numbers. */
export const tierOf = (
  { shares, minKnown, otherwise }: GroupTierRule,
  counts: TierCounts,
): { tier: Tier; because: Because[] } => {
  const known = counts.A + counts.B + counts.C
  if (known < minKnown)
    return { tier: otherwise, because: [because('group.tier_few', { known, limit: minKnown, tier: otherwise })] }
  const orBetter = [
    { tier: 'A' as const, count: counts.A },
    { tier: 'B' as const, count: counts.A + counts.B },
  ]
  const missed: Because[] = []
  for (const { tier, count } of orBetter) {
    const [share, limit] = [count / known, shares[tier]]
    if (share >= limit)
      return { tier, because: [because('group.tier_share', { known, count, tier, share, limit }), ...missed] }
    missed.push(because('group.tier_below', { known, count, tier, share, limit }))
  }
  return { tier: 'C', because: missed }
}
