import { because, type Because } from '@zhiyin/shared/because'
import type { SendDays, SendLimits } from '@zhiyin/shared/intent'
import { momentOf } from '@zhiyin/shared/zone'
import type { CustomerView } from '../profile/view.ts'
import type { CountEntry } from './counts.model.ts'
import type { IntentDoc, LostTo, QuietHours } from './intents.model.ts'
import { heldBecause } from './quiet.ts'
import type { QuotaWindow } from './quota.ts'
import { countedAs, lostBecause, lostTo } from './rank.ts'
import type { Receipt } from './receipts.ts'
import { fullOn, roomAgain, type Full } from './room-left.ts'

/** `lost`: there was no room, and whom it made way for. `reasons` of a loss: what is full, who won, and what follows. */
export type Verdict =
  | { readonly kind: 'permit'; readonly count: CountEntry | null }
  | { readonly kind: 'wait'; readonly until: Date; readonly because: Because; readonly lost?: LossOf }
  | { readonly kind: 'block'; readonly because: Because; readonly lost?: LossOf }

/** Why it does not go at once. */
export const reasonsOf = ({ because: reason, lost }: Exclude<Verdict, { kind: 'permit' }>): Because[] => [
  ...(lost?.reasons ?? [reason]),
]

export type LossOf = { readonly to: LostTo; readonly reasons: readonly Because[] }

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
> &
  Partial<Pick<IntentDoc, 'overBecause' | 'priority' | 'expectedValue' | 'onLoss' | 'days' | 'cause'>>

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
  /** The first moment, not before `from`, that these quiet hours and days allow; null: none comes. */
  readonly allowed: (from: Date, quiet: QuietHours | null, days: SendDays) => Date | null
  readonly view: CustomerView | null
  /** Among those whom no rule and no broadcast may reach. */
  readonly heldOut: boolean
  readonly entries: readonly CountEntry[]
  readonly receipts: readonly Receipt[]
  readonly names: ReadonlyMap<string, string>
}

const dayMs = 86_400_000

const block = (code: Parameters<typeof because>[0], params: Because['params'] = {}): Verdict => ({
  kind: 'block',
  because: because(code, params),
})

const hoursOf = ({ quietHours }: Pick<Asking, 'quietHours'>, { limits }: Pick<Around, 'limits'>): QuietHours | null =>
  quietHours ?? limits.quietHours

/** What the hours and the days of this moment say, where they do not allow it. */
export const held = (
  asking: Pick<Asking, 'quietHours' | 'days'>,
  around: Pick<Around, 'now' | 'zone' | 'limits' | 'allowed'>,
  hours = hoursOf(asking, around),
): Verdict | null => {
  const { now, zone, allowed } = around
  const { days = 'any' } = asking
  const until = allowed(now, hours, days)
  if (until === null) return block('block.no_day')
  if (until.getTime() === now.getTime()) return null
  return { kind: 'wait', until, because: heldBecause(now, until, { hours, days, zone }) }
}

export const holds = (view: CustomerView, userid: string): boolean =>
  view.follows.some((follow) => follow.userid === userid && follow.state === 'following')

/** It has no room: what follows from that, as the sender chose. Merging is tried by who sees the others; until then it waits. */
const lose = (asking: Asking, full: Full, around: Around): Verdict => {
  const { now, zone, quota, allowed } = around
  const to = lostTo(asking, full.by, now)
  const winner = lostBecause(asking, full.by)
  const told = [full.because, ...(winner === null ? [] : [winner])]
  if (to.policy === 'drop' || to.policy === 'fallback') {
    const then = because(to.policy === 'drop' ? 'block.lost_drop' : 'block.lost_fallback')
    return { kind: 'block', because: full.because, lost: { to, reasons: [...told, then] } }
  }
  const day = roomAgain({ channel: asking.channel, ...around }, quota.today)
  const again = day === null ? null : allowed(momentOf(day, 0, zone), hoursOf(asking, around), asking.days ?? 'any')
  const inTime = again !== null && again.getTime() < asking.expiresAt.getTime() ? again : null
  // What waits for its rep may yet be given back, and then this one is decided about at once.
  const mayFree = around.entries.some(({ until }) => until !== undefined && until >= quota.today)
  const until = inTime ?? (mayFree ? asking.expiresAt : null)
  if (until === null) {
    const late = because('block.no_room_in_time', { expires: asking.expiresAt.getTime() })
    return { kind: 'block', because: full.because, lost: { to, reasons: [...told, late] } }
  }
  const waits = because('block.waits_room', { until: until.getTime() })
  return { kind: 'wait', until, because: full.because, lost: { to, reasons: [...told, waits] } }
}

const noCause: IntentDoc['cause'] = { ruleId: null, rule: null, runId: null, stepId: null, pushId: null }

/** Whether there is room for one more; what passes is counted. What a rep has to confirm may arrive until the day after it expires. */
const withRoom = (asking: Asking, around: Around): Verdict => {
  const { entries, quota, now } = around
  const { _id: intent, channel, cause = noCause } = asking
  // Deciding again after a crash finds what it counted.
  if (entries.some((entry) => entry.intent === intent)) return { kind: 'permit', count: null }
  const full = fullOn({ channel, ...around }, quota.today)
  if (full !== null) return lose(asking, full, around)
  const mass = channel === 'mass' || channel === 'group_mass'
  const days = Math.ceil((asking.expiresAt.getTime() - now.getTime()) / dayMs)
  const until = mass ? { until: quota.today + days + 1 } : {}
  const count = { intent, day: quota.today, mass, channel, ...until, by: countedAs({ ...asking, cause }) }
  return { kind: 'permit', count }
}

/** A mass message to one customer: a rep who still holds them, consent, quiet hours and days, caps, the platform's quota. */
const decideMass = (asking: Asking, around: Around): Verdict => {
  const { limits, view } = around
  if (asking.userid === null || view === null || !holds(view, asking.userid)) return block('block.no_rep')
  if (view.externalUserId === null) return block('send.unreachable')
  if (view.consent === 'withdrawn') return block('block.consent')
  if (view.consent === 'unknown' && !limits.sendWithoutRecordedConsent) return block('block.consent')
  // Rules leave them alone already; this is the second wall, and the first for what people send to many.
  if (around.heldOut) return block('block.global_holdout')
  return held(asking, around) ?? withRoom(asking, around)
}

/** A mass message to a customer group: its owner, quiet hours and days, the caps of the channel, the platform's quota of the group. */
const decideGroup = (asking: Asking, around: Around): Verdict => {
  if (asking.userid === null || asking.chatId === null) return block('block.no_owner')
  return held(asking, around) ?? withRoom(asking, around)
}

/** A welcome cannot wait: its code is over in 20 s. It is counted only where a cap asks for it. */
const decideWelcome = (asking: Asking, around: Around): Verdict => {
  if (asking.code === null) return block('block.no_welcome_code')
  if (around.view?.consent === 'withdrawn') return block('block.consent')
  if (around.limits.channels.welcome === undefined) return { kind: 'permit', count: null }
  return withRoom({ ...asking, onLoss: 'drop' }, around)
}

/** A robot keeps to its days, not to hours. What it says of a customer tells a whole group of colleagues who they are, to sell to them. */
const decideRobot = (asking: Asking, around: Around): Verdict => {
  if (around.view?.consent === 'withdrawn') return block('block.consent')
  const notToday = held(asking, around, null)
  if (notToday !== null) return notToday
  if (around.limits.channels.robot === undefined) return { kind: 'permit', count: null }
  return withRoom(asking, around)
}

/** Why an intent whose time is over is not sent. */
export const lateBecause = ({ overBecause, channel }: Pick<IntentDoc, 'overBecause' | 'channel'>): Because =>
  overBecause ?? because(channel === 'welcome' ? 'block.welcome_expired' : 'block.expired')

/**
 * Whether an intent may go out now. Welcome messages answer the customer's own act, so only a withdrawal of consent holds them
 * back, as it does what a robot says of them; messages to reps and tags are held back by nothing but their time limit.
 */
export const decide = (asking: Asking, around: Around): Verdict => {
  if (asking.refusal !== null) return { kind: 'block', because: asking.refusal }
  if (asking.expiresAt.getTime() <= around.now.getTime()) return { kind: 'block', because: lateBecause(asking) }
  if (asking.channel === 'welcome') return decideWelcome(asking, around)
  if (asking.channel === 'mass') return decideMass(asking, around)
  if (asking.channel === 'robot') return decideRobot(asking, around)
  return asking.channel === 'group_mass' ? decideGroup(asking, around) : { kind: 'permit', count: null }
}
