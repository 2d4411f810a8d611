import { because, type Because } from '@zhiyin/shared/because'
import type { PlatformQuota } from '@zhiyin/shared/intent'
import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { CountEntry } from './counts.model.ts'
import type { Receipt } from './receipts.ts'

const dayMs = 86_400_000

/** The current period of the platform's quota: today, its first day, the moment it begins, and how many messages it allows. */
export type QuotaWindow = {
  readonly period: PlatformQuota['period']
  readonly today: number
  readonly from: number
  readonly since: Date
  readonly limit: number
}

/** Days are counted from 1970-01-01, a Thursday; weeks begin on Monday (limits.md §3). */
export const quotaWindow = ({ period, count }: PlatformQuota, now: Date, zone: string): QuotaWindow => {
  const { day } = zonedTime(now, zone)
  const date = new Date(day * dayMs)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const firstOfMonth = Date.UTC(year, month, 1) / dayMs
  const from = { day, week: day - ((day + 3) % 7), month: firstOfMonth }[period]
  const daysInMonth = Date.UTC(year, month + 1, 1) / dayMs - firstOfMonth
  const limit = period === 'month' ? Math.min(count, daysInMonth) : count
  return { period, today: day, from, since: momentOf(from, 0, zone), limit }
}

type Used = {
  readonly entries: readonly CountEntry[]
  readonly receipts: readonly Receipt[]
  readonly names: ReadonlyMap<string, string>
}

/** Why the platform's quota of one receiver is used up, or null: by WeCom's own word, by others, or by us. */
export const quotaUsed = (
  { period, from, since, limit }: QuotaWindow,
  { entries, receipts, names }: Used,
): Because | null => {
  const inWindow = receipts.filter(({ at }) => at.getTime() >= since.getTime())
  const told = inWindow.find(({ kind }) => kind === 'quota_used')
  if (told !== undefined) return because('block.quota_told', { at: told.at.getTime() })
  const ours = entries.filter((entry) => entry.mass && entry.day >= from).length
  if (ours + inWindow.length < limit) return null
  const [last] = inWindow
  if (last === undefined) return because('block.platform_quota', { limit })
  const rep = names.get(last.userid) ?? last.userid
  const code = last.origin === 'member' ? 'block.quota_manual' : 'block.quota_corp'
  return because(code, { rep, at: last.at.getTime(), period, limit })
}
