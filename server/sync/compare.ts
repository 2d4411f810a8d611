import type { Hold } from '../profile/read.ts'
import type { CustomerFollow } from '../wecom/types.ts'

type Told = NonNullable<Hold['told']>

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** Whether callbacks (or an earlier sync) have told of this hold; one that began after the deletion we know of is another. */
export const isKnown = (hold: Hold | undefined, follow: Pick<CustomerFollow, 'createdAt'>): boolean => {
  if (hold === undefined) return false
  if (hold.state === null || hold.state === 'following' || hold.since === null) return true
  return seconds(follow.createdAt) <= seconds(hold.since)
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))

/** Whether a callback should have told of a change: of a remark, a description or tags (phones alone do not fire, callbacks.md §8). */
export const differs = (told: Told, now: Pick<CustomerFollow, 'remark' | 'description' | 'tagIds'>): boolean =>
  (told.remark ?? '') !== (now.remark ?? '') ||
  (told.description ?? '') !== (now.description ?? '') ||
  !sameSet(told.tagIds, now.tagIds)
