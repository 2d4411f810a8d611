import { usualPriority, type SendLimits } from '@zhiyin/shared/intent'
import type { Fact } from '@zhiyin/shared/fact'
import { zonedTime } from '@zhiyin/shared/zone'
import type { CustomerView } from '../profile/view.ts'
import type { CountedFor, CountEntry } from './counts.model.ts'
import { decide, type Asking, type Verdict } from './permit.ts'
import type { OutboxCalendar } from './permits.ts'
import { createAllowed } from './quiet.ts'
import { quotaWindow } from './quota.ts'
import type { Receipt, Receipts } from './receipts.ts'

export type { CountEntry }

/** A mass message a manager once made. */
export type PastBroadcast = { readonly id: string; readonly name: string; readonly priority: number }

/** A message of the past as the caps count it; null: it did not reach the customer, or is not counted. `broadcast`: it was part of that. */
export const countOf = (
  fact: Fact,
  zone: string,
  priorityOf: (ruleId: string) => number | undefined,
  broadcast?: PastBroadcast,
): CountEntry | null => {
  if (fact.type !== 'send.changed') return null
  const { intentId, channel, state, ruleId, rule } = fact.payload
  const mass = channel === 'mass' && state === 'delivered'
  if (!mass && !(channel === 'welcome' && state === 'sent')) return null
  const priority = (ruleId === undefined ? undefined : priorityOf(ruleId)) ?? usualPriority
  const by: CountedFor =
    broadcast === undefined
      ? { name: rule ?? '', ruleId: ruleId ?? null, broadcastId: null, priority, value: 0 }
      : { name: broadcast.name, ruleId: null, broadcastId: broadcast.id, priority: broadcast.priority, value: 0 }
  return { intent: intentId, day: zonedTime(fact.at, zone).day, mass, channel: mass ? 'mass' : 'welcome', by }
}

/** What a decision about the past looks at. */
export type Then = {
  readonly now: Date
  readonly view: CustomerView
  readonly heldOut: boolean
  readonly entries: readonly CountEntry[]
}

export type Judge = {
  /** What the permit would have said at a moment, by the limits of today. */
  verdict(asking: Asking, then: Then): Verdict
  /** The first day (since 1970) of the platform's period a moment is in. */
  periodOf(at: Date): number
}

type Deps = {
  zone: string
  calendar: OutboxCalendar
  receipts: Pick<Receipts, 'since'>
  limits: () => Promise<SendLimits>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** Longer than any period of the platform. */
const backMs = 32 * 86_400_000

/**
 * Decides about messages of the past as the permit would have: today's limits and calendar, the view of that moment, and what these
 * receivers had got by then. Writes nothing.
 */
export const createAsItWas =
  ({ zone, calendar, receipts, limits, names }: Deps) =>
  async (receivers: readonly string[], from: Date): Promise<Judge> => {
    const [set, got] = await Promise.all([
      limits(),
      receipts.since(receivers, new Date(from.getTime() - backMs)),
      calendar.refresh(),
    ])
    const senders = [...new Set([...got.values()].flatMap((rows) => rows.map(({ userid }) => userid)))]
    const called = senders.length === 0 ? new Map<string, string>() : await names(senders)
    const allowed = createAllowed(calendar.isWorkday, zone)
    const capped = ({ channel = 'mass' }: CountEntry): boolean =>
      channel !== 'welcome' || set.channels.welcome !== undefined
    const until = (rows: readonly Receipt[] | undefined, now: Date): Receipt[] =>
      (rows ?? []).filter(({ at }) => at.getTime() <= now.getTime())
    return {
      verdict: (asking, { now, view, heldOut, entries }) =>
        decide(asking, {
          now,
          zone,
          limits: set,
          quota: quotaWindow(set.platform, now, zone),
          allowed,
          view,
          heldOut,
          entries: entries.filter(capped),
          receipts: until(got.get(asking.externalUserId ?? ''), now),
          names: called,
        }),
      periodOf: (at) => quotaWindow(set.platform, at, zone).from,
    }
  }

export type AsItWas = ReturnType<typeof createAsItWas>
