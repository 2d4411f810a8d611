import type { servedBy, Shift } from '@zhiyin/shared/api/channels'
import { dutyAt, midnightAfter } from './duty.ts'

const maxMembers = 100

export type Plan = {
  readonly userids: readonly string[]
  readonly shifts: readonly Shift[]
  readonly backups: readonly string[]
  readonly paused: boolean
}
export type Serving = {
  readonly userids: string[]
  readonly by: (typeof servedBy)[number]
  /** The next moment at which time alone changes it; null: never. */
  readonly until: Date | null
}
type Now = {
  readonly at: Date
  readonly zone: string
  /** Who left, or may not serve. */
  readonly unable: ReadonlySet<string>
  /** Who has had the day's number. */
  readonly full: ReadonlySet<string>
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b < a) ? b : a)

/**
 * Who stands behind a code now: those on duty who are neither unable nor full; else the backups; else, so that a printed code never
 * leads nowhere, everybody of the channel who is able, whatever the hour and the number. A pause leaves it to the backups alone.
 */
export const servingOf = (plan: Plan, { at, zone, unable, full }: Now): Serving => {
  const able = (userids: readonly string[]): string[] =>
    [...new Set(userids)].filter((userid) => !unable.has(userid)).slice(0, maxMembers)
  const backups = able(plan.backups)
  if (plan.paused) return { userids: backups, by: backups.length > 0 ? 'backup' : 'nobody', until: null }
  const plain = plan.shifts.length === 0
  const duty = plain ? { userids: [...plan.userids], until: null } : dutyAt(plan.shifts, at, zone)
  const until = earlier(duty.until, full.size > 0 ? midnightAfter(at, zone) : null)
  const onDuty = able(duty.userids.filter((userid) => !full.has(userid)))
  if (onDuty.length > 0) return { userids: onDuty, by: 'duty', until }
  if (backups.length > 0) return { userids: backups, by: 'backup', until }
  const rest = able(plan.userids)
  return { userids: rest, by: rest.length > 0 ? 'rest' : 'nobody', until }
}
