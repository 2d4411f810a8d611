import { because, type Because } from '@zhiyin/shared/because'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { CustomerView } from '../profile/view.ts'
import type { CountEntry } from './counts.model.ts'
import type { IntentDoc } from './intents.model.ts'
import { quietBecause, quietUntil } from './quiet.ts'
import { quotaUsed, type QuotaWindow } from './quota.ts'
import type { Receipt } from './receipts.ts'

export type Verdict =
  | { readonly kind: 'permit'; readonly count: CountEntry | null }
  | { readonly kind: 'wait'; readonly until: Date; readonly because: Because }
  | { readonly kind: 'block'; readonly because: Because }

/** What a decision looks at. */
export type Asking = Pick<
  IntentDoc,
  | '_id'
  | 'channel'
  | 'customerId'
  | 'externalUserId'
  | 'groupId'
  | 'chatId'
  | 'userid'
  | 'code'
  | 'refusal'
  | 'quietHours'
  | 'expiresAt'
>

/**
 * Everything a decision may depend on; `entries` are the messages of ours that are counted for the customer or group, `receipts` what
 * they got from others, `names` those of the reps in them.
 */
export type Around = {
  readonly now: Date
  readonly zone: string
  readonly limits: SendLimits
  /** The current period of `limits.platform`. */
  readonly quota: QuotaWindow
  readonly view: CustomerView | null
  readonly entries: readonly CountEntry[]
  readonly receipts: readonly Receipt[]
  readonly names: ReadonlyMap<string, string>
}

const block = (code: Parameters<typeof because>[0], params: Because['params'] = {}): Verdict => ({
  kind: 'block',
  because: because(code, params),
})

/** The end of the quiet hours it would fall into, as a verdict. */
const quiet = (asking: Asking, { now, zone, limits }: Around): Verdict | null => {
  const hours = asking.quietHours ?? limits.quietHours
  const until = quietUntil(now, hours, zone)
  return hours === null || until === null ? null : { kind: 'wait', until, because: quietBecause(hours, until, zone) }
}

/** The first cap that would be passed by one more message today. Windows are local days: today, 7 and 30 days with today. */
const overCap = (entries: readonly CountEntry[], day: number, limits: SendLimits): Verdict | null => {
  const within = (days: number): number => entries.filter((entry) => entry.day > day - days && entry.day <= day).length
  const today = within(1)
  if (today >= limits.perDay) return block('block.cap_day', { count: today, limit: limits.perDay })
  if (within(7) >= limits.perWeek) return block('block.cap_week', { count: within(7), limit: limits.perWeek })
  if (within(30) >= limits.perMonth) return block('block.cap_month', { count: within(30), limit: limits.perMonth })
  return null
}

export const holds = (view: CustomerView, userid: string): boolean =>
  view.follows.some((follow) => follow.userid === userid && follow.state === 'following')

/** The platform's quota of a customer or group; what passes is counted. */
const underQuota = (asking: Asking, around: Around): Verdict => {
  const used = quotaUsed(around.quota, around)
  if (used !== null) return { kind: 'block', because: used }
  return { kind: 'permit', count: { intent: asking._id, day: around.quota.today, mass: true } }
}

/** Deciding again after a crash finds what it counted. */
const counted = (asking: Asking, { entries }: Around): Verdict | null =>
  entries.some((entry) => entry.intent === asking._id) ? { kind: 'permit', count: null } : null

/** A mass message to one customer: a rep who still holds them, consent, quiet hours, caps, the platform's quota. */
const decideMass = (asking: Asking, around: Around): Verdict => {
  const { limits, quota, view, entries } = around
  if (asking.userid === null || view === null || !holds(view, asking.userid)) return block('block.no_rep')
  if (view.externalUserId === null) return block('send.unreachable')
  if (view.consent === 'withdrawn') return block('block.consent')
  if (view.consent === 'unknown' && !limits.sendWithoutRecordedConsent) return block('block.consent')
  return (
    quiet(asking, around) ??
    counted(asking, around) ??
    overCap(entries, quota.today, limits) ??
    underQuota(asking, around)
  )
}

/** A mass message to a customer group: its owner, quiet hours, the platform's quota of the group. */
const decideGroup = (asking: Asking, around: Around): Verdict => {
  if (asking.userid === null || asking.chatId === null) return block('block.no_owner')
  return quiet(asking, around) ?? counted(asking, around) ?? underQuota(asking, around)
}

const decideWelcome = (asking: Asking, { view }: Around): Verdict => {
  if (asking.code === null) return block('block.no_welcome_code')
  if (view?.consent === 'withdrawn') return block('block.consent')
  return { kind: 'permit', count: null }
}

/** What a robot says of a customer tells a whole group of colleagues who they are, to sell to them. */
const decideRobot = (view: CustomerView | null): Verdict =>
  view?.consent === 'withdrawn' ? block('block.consent') : { kind: 'permit', count: null }

/**
 * Whether an intent may go out now. Welcome messages answer the customer's own act, so only a withdrawal of consent holds them
 * back, as it does what a robot says of them; messages to reps and tags are held back by nothing but their time limit.
 */
export const decide = (asking: Asking, around: Around): Verdict => {
  if (asking.refusal !== null) return { kind: 'block', because: asking.refusal }
  if (asking.expiresAt.getTime() <= around.now.getTime())
    return block(asking.channel === 'welcome' ? 'block.welcome_expired' : 'block.expired')
  if (asking.channel === 'welcome') return decideWelcome(asking, around)
  if (asking.channel === 'mass') return decideMass(asking, around)
  if (asking.channel === 'robot') return decideRobot(around.view)
  return asking.channel === 'group_mass' ? decideGroup(asking, around) : { kind: 'permit', count: null }
}
