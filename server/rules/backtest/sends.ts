import type { Fact } from '@zhiyin/shared/fact'
import {
  countOf,
  reasonsOf,
  type CountEntry,
  type Judge,
  type PastBroadcast,
  type WantInput,
} from '../../outbox/read.ts'
import type { CustomerView } from '../../profile/view.ts'
import { askingOf } from '../asking.ts'
import { line, type Line } from './way.ts'
import { because as reason } from '@zhiyin/shared/because'

type Waiting = { readonly intent: WantInput; readonly dueAt: Date }

type Deps = {
  readonly judge: Judge
  readonly note: (line: Line) => void
  readonly view: () => CustomerView
  readonly heldOut: boolean
}

/**
 * The sends a rule would have wanted for one customer, beside those that really reached them. What is permitted counts from then on and
 * is taken as delivered at once.
 */
export const createVirtualSends = ({ judge, note, view, heldOut }: Deps) => {
  const waiting = new Map<string, Waiting>()
  const counted: CountEntry[] = []
  const periods = new Set<number>()

  const about = ({ cause, body, userid }: WantInput) => ({
    stepId: cause?.stepId ?? null,
    text: body?.text ?? null,
    rep: userid ?? null,
  })

  const decideOne = (key: string, { intent }: Waiting, now: Date): Fact[] => {
    const verdict = judge.verdict(askingOf(key, intent), { now, view: view(), heldOut, entries: counted })
    if (verdict.kind === 'wait' && verdict.until.getTime() > now.getTime()) {
      waiting.set(key, { intent, dueAt: verdict.until })
      note(line(now, 'waits', { ...about(intent), because: reasonsOf(verdict) }))
      return []
    }
    waiting.delete(key)
    if (verdict.kind !== 'permit') {
      const lostTo = verdict.lost?.to.ruleId ?? verdict.lost?.to.broadcastId ?? null
      note(line(now, 'blocked', { ...about(intent), because: reasonsOf(verdict), lostTo }))
      return []
    }
    if (verdict.count !== null) counted.push(verdict.count)
    note(line(now, 'sent', about(intent)))
    const { cause, channel } = intent
    const of = { runId: cause?.runId ?? '', stepId: cause?.stepId ?? '' }
    const payload = { intentId: key, channel, state: 'delivered', preview: '', because: [], ...of }
    const base = { id: `send.changed:${key}`, customerId: view().id, at: now, seenAt: now, source: 'rule' as const }
    return [{ ...base, type: 'send.changed', payload }]
  }

  return {
    /** The periods of the platform's quota in which it wanted to send. */
    periods,
    want(intent: WantInput, now: Date): void {
      if (intent.channel === 'mass') periods.add(judge.periodOf(now))
      waiting.set(intent.key, { intent, dueAt: now })
    },
    /** What really reached them counts. */
    happened(
      fact: Fact,
      zone: string,
      priorityOf: (ruleId: string) => number | undefined,
      broadcast: PastBroadcast | undefined,
    ): CountEntry | null {
      const entry = countOf(fact, zone, priorityOf, broadcast)
      if (entry !== null) counted.push(entry)
      return entry
    },
    dueAt: (): Date | null => {
      const times = [...waiting.values()].map(({ dueAt }) => dueAt.getTime())
      return times.length === 0 ? null : new Date(Math.min(...times))
    },
    /** Decides about what is due; answers the facts of what was delivered. */
    decide: (now: Date): Fact[] =>
      [...waiting].flatMap(([key, one]) => (one.dueAt.getTime() <= now.getTime() ? decideOne(key, one, now) : [])),
    /** The run is over: what has not gone is taken back. */
    withdraw(now: Date): void {
      for (const { intent } of waiting.values())
        note(line(now, 'blocked', { ...about(intent), because: [reason('block.run_ended')] }))
      waiting.clear()
    },
  }
}

export type VirtualSends = ReturnType<typeof createVirtualSends>
