import { because, type Because } from '@zhiyin/shared/because'
import type { ChannelCaps, SendLimits } from '@zhiyin/shared/intent'
import { momentOf } from '@zhiyin/shared/zone'
import type { CountEntry } from './counts.model.ts'
import type { IntentDoc } from './intents.model.ts'
import { quotaUsed, quotaWindow, type QuotaWindow } from './quota.ts'
import type { Receipt } from './receipts.ts'

/** What somebody got, and within which limits one more may come. */
export type Room = {
  readonly channel: IntentDoc['channel']
  readonly zone: string
  readonly limits: SendLimits
  /** The current period of `limits.platform`. */
  readonly quota: QuotaWindow
  readonly entries: readonly CountEntry[]
  readonly receipts: readonly Receipt[]
  readonly names: ReadonlyMap<string, string>
}

/** Why there is no room, and the message of ours that took the last of it; null: others took it. */
export type Full = { readonly because: Because; readonly by: CountEntry | null }

type Window = { readonly days: number; readonly limit: number | undefined; readonly span: 'day' | 'week' | 'month' }

const windowsOf = ({ perDay, perWeek, perMonth }: ChannelCaps): readonly Window[] => [
  { days: 1, limit: perDay, span: 'day' },
  { days: 7, limit: perWeek, span: 'week' },
  { days: 30, limit: perMonth, span: 'month' },
]

const channelOf = ({ channel = 'mass' }: CountEntry): IntentDoc['channel'] => channel

/** What waits for its rep may arrive any day until it expires, so today it counts as today's. */
const asOf = (entries: readonly CountEntry[], day: number): CountEntry[] =>
  entries.map((entry) => ({ ...entry, day: Math.min(Math.max(entry.day, entry.until ?? entry.day), day) }))

/** The first window that one more would pass. Windows are local days: today, 7 and 30 days with today. */
const over = (entries: readonly CountEntry[], day: number, caps: ChannelCaps) => {
  for (const { days, limit, span } of windowsOf(caps)) {
    const within = entries.filter((entry) => entry.day > day - days && entry.day <= day)
    if (limit !== undefined && within.length >= limit)
      return { span, params: { count: within.length, limit }, by: within.at(-1) ?? null }
  }
  return null
}

/** The caps over all messages to a customer. */
const overall = ({ channel, limits, entries }: Room, day: number): Full | null => {
  if (channel !== 'mass') return null
  const found = over(
    entries.filter((entry) => channelOf(entry) === 'mass'),
    day,
    limits,
  )
  return found === null ? null : { because: because(`block.cap_${found.span}`, found.params), by: found.by }
}

const ofChannel = ({ channel, limits, entries }: Room, day: number): Full | null => {
  const caps = channel === 'app' || channel === 'mark_tag' ? undefined : limits.channels[channel]
  if (caps === undefined) return null
  const found = over(
    entries.filter((entry) => channelOf(entry) === channel),
    day,
    caps,
  )
  if (found === null) return null
  return { because: because(`block.cap_channel_${found.span}`, { channel, ...found.params }), by: found.by }
}

const byPlatform = (room: Room, day: number): Full | null => {
  const { channel, zone, limits, quota, entries, receipts, names } = room
  if (channel !== 'mass' && channel !== 'group_mass') return null
  const window = day === quota.today ? quota : quotaWindow(limits.platform, momentOf(day, 0, zone), zone)
  const used = quotaUsed(window, { entries, receipts, names })
  if (used === null) return null
  const ours = entries.filter((entry) => entry.mass && entry.day >= window.from)
  return { because: used, by: used.code === 'block.platform_quota' ? (ours.at(-1) ?? null) : null }
}

/** Why one more may not come on this day (local days since 1970), or null: the caps over all, the channel's own, the platform's quota. */
export const fullOn = (room: Room, day: number): Full | null => {
  const then = { ...room, entries: asOf(room.entries, day) }
  return overall(then, day) ?? ofChannel(then, day) ?? byPlatform(then, day)
}

/** Longer than the longest window. */
const horizonDays = 32

/** The first day after `today` with room, if nothing else comes and what waits arrives today; null: no such day. */
export const roomAgain = (room: Room, today: number): number | null => {
  const entries = asOf(room.entries, today).map(({ until: _until, ...entry }) => entry)
  for (let day = today + 1; day <= today + horizonDays; day += 1)
    if (fullOn({ ...room, entries }, day) === null) return day
  return null
}
