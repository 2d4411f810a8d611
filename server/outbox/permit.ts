import { because, type Because } from '@zhiyin/shared/because'
import type { SendLimits } from '@zhiyin/shared/intent'
import { zonedTime } from '@zhiyin/shared/zone'
import type { CustomerView } from '../profile/view.ts'
import type { CountEntry } from './counts.model.ts'
import type { IntentDoc } from './intents.model.ts'
import { quietBecause, quietUntil } from './quiet.ts'

export type Verdict =
  | { readonly kind: 'permit'; readonly count: CountEntry | null }
  | { readonly kind: 'wait'; readonly until: Date; readonly because: Because }
  | { readonly kind: 'block'; readonly because: Because }

/** What a decision looks at. */
export type Asking = Pick<
  IntentDoc,
  '_id' | 'channel' | 'customerId' | 'externalUserId' | 'userid' | 'code' | 'refusal' | 'quietHours' | 'expiresAt'
>

/** Everything a decision may depend on; `entries` are the customer's counted messages, empty where none are counted. */
export type Around = {
  readonly now: Date
  readonly zone: string
  readonly limits: SendLimits
  readonly view: CustomerView | null
  readonly entries: readonly CountEntry[]
}

const block = (code: Parameters<typeof because>[0], params: Because['params'] = {}): Verdict => ({
  kind: 'block',
  because: because(code, params),
})

/** Channels that speak to customers and so keep quiet hours. */
const isMass = (channel: IntentDoc['channel']): boolean => channel === 'mass' || channel === 'group_mass'

/** The first cap that would be passed by one more message today. Windows are local days: today, 7 and 30 days with today. */
const overCap = (entries: readonly CountEntry[], day: number, limits: SendLimits): Verdict | null => {
  const within = (days: number): number => entries.filter((entry) => entry.day > day - days && entry.day <= day).length
  const today = within(1)
  const massToday = entries.filter((entry) => entry.mass && entry.day === day).length
  if (today >= limits.perDay) return block('block.cap_day', { count: today, limit: limits.perDay })
  if (within(7) >= limits.perWeek) return block('block.cap_week', { count: within(7), limit: limits.perWeek })
  if (within(30) >= limits.perMonth) return block('block.cap_month', { count: within(30), limit: limits.perMonth })
  if (massToday >= limits.platformPerDay) return block('block.platform_quota', { limit: limits.platformPerDay })
  return null
}

const holds = (view: CustomerView, userid: string): boolean =>
  view.follows.some((follow) => follow.userid === userid && follow.state === 'following')

/** A mass message to one customer: a rep who still holds them, consent, quiet hours, caps, the platform's quota. */
const decideMass = (asking: Asking, { now, zone, limits, view, entries }: Around): Verdict => {
  if (asking.userid === null || view === null || !holds(view, asking.userid)) return block('block.no_rep')
  if (view.externalUserId === null) return block('send.unreachable')
  if (view.consent === 'withdrawn') return block('block.consent')
  if (view.consent === 'unknown' && !limits.sendWithoutRecordedConsent) return block('block.consent')
  const hours = asking.quietHours ?? limits.quietHours
  const until = quietUntil(now, hours, zone)
  if (hours !== null && until !== null) return { kind: 'wait', until, because: quietBecause(hours, until, zone) }
  const { day } = zonedTime(now, zone)
  const counted = entries.some((entry) => entry.intent === asking._id)
  if (counted) return { kind: 'permit', count: null }
  return overCap(entries, day, limits) ?? { kind: 'permit', count: { intent: asking._id, day, mass: true } }
}

const decideWelcome = (asking: Asking, { view }: Around): Verdict => {
  if (asking.code === null) return block('block.no_welcome_code')
  if (view?.consent === 'withdrawn') return block('block.consent')
  return { kind: 'permit', count: null }
}

/**
 * Whether an intent may go out now. Welcome messages answer the customer's own act, so only a withdrawal of consent holds them
 * back; messages to reps, tags and internal groups do not reach customers and are held back by nothing but their time limit.
 */
export const decide = (asking: Asking, around: Around): Verdict => {
  if (asking.refusal !== null) return { kind: 'block', because: asking.refusal }
  if (asking.expiresAt.getTime() <= around.now.getTime())
    return block(asking.channel === 'welcome' ? 'block.welcome_expired' : 'block.expired')
  if (asking.channel === 'welcome') return decideWelcome(asking, around)
  if (asking.channel === 'mass') return decideMass(asking, around)
  if (!isMass(asking.channel)) return { kind: 'permit', count: null }
  const hours = asking.quietHours ?? around.limits.quietHours
  const until = quietUntil(around.now, hours, around.zone)
  if (hours === null || until === null) return { kind: 'permit', count: null }
  return { kind: 'wait', until, because: quietBecause(hours, until, around.zone) }
}
