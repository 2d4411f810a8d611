import type { Member } from '@zhiyin/shared/api/members'

/** Who can take customers over from somebody: reps who work here, but not that one. */
export const takersFor = (members: readonly Member[], from: string) =>
  members
    .filter(({ userid, active, rep, barred }) => active && rep && !barred && userid !== from)
    .map(({ userid, name, customers }) => ({ value: userid, text: name, hint: String(customers) }))

export type Taker = { readonly userid: string; readonly share: number }

/** Of `count`, about how many somebody with so many parts gets. */
export const aboutOf = (count: number, { share }: Taker, all: readonly Taker[]): number => {
  const sum = all.reduce((total, one) => total + one.share, 0)
  return sum === 0 ? 0 : Math.round((count * share) / sum)
}
