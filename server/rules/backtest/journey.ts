import type { Because } from '@zhiyin/shared/because'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { IsHeldOut } from '../../measure/types.ts'
import type { CustomerView } from '../../profile/view.ts'
import type { Effects } from '../effects.ts'
import { endingOf, sinceEntry } from '../endings.ts'
import { runOf, skipOf, type Entry } from '../enter.ts'
import { isAwaited, waitOf } from '../happened.ts'
import type { RuleDoc } from '../rules.model.ts'
import type { RunDoc } from '../runs.model.ts'
import { attributeFact } from '../set-attributes.ts'
import type { Advance, Go } from '../steps.ts'
import { tagFacts } from '../tag-customer.ts'
import type { VirtualSends } from './sends.ts'
import { line, stepLine, type Line } from './way.ts'

const dayMs = 86_400_000
/** A rule that takes the same customer in more often goes round. */
const mostEntries = 500

type Deps = {
  readonly rule: RuleDoc
  readonly customerId: string
  readonly go: Go
  readonly isOut: IsHeldOut
  readonly tagNames: ReadonlyMap<string, { readonly name: string }>
  readonly sends: VirtualSends
  readonly note: (line: Line) => void
  readonly view: () => CustomerView
}

/** One customer's runs through a rule in memory: entries, steps, ends; by the same decisions as the stored ones. */
export const createJourney = ({ rule, customerId, go, isOut, tagNames, sends, note, view }: Deps) => {
  let run: RunDoc | null = null
  let last: RunDoc | null = null
  let entered = 0
  const keys = new Set<string>()
  const delivered: Fact[] = []

  /** The run that keeps the customer out: under way, or left too recently. */
  const keepingOut = (now: Date): RunDoc | undefined => {
    const { reentryDays } = rule.limits
    if (run !== null) return run
    if (last === null || reentryDays === 0) return undefined
    const over = last.leftAt ?? last.enteredAt
    return over.getTime() > now.getTime() - reentryDays * dayMs ? last : undefined
  }

  const leave = (outcome: 'goal' | 'exited' | 'finished', because: readonly Because[], now: Date): void => {
    if (run === null) return
    const { open: _open, ...rest } = run
    last = { ...rest, state: outcome, leftAt: now, dueAt: null }
    run = null
    if (outcome !== 'finished') sends.withdraw(now)
    note(line(now, 'left', { because, outcome }))
  }

  /** What steps want of the customer's profile, as facts. */
  const factsOf = ({ tags, attributes }: Effects): Fact[] => {
    const made: NewFact[] = [
      ...tags.flatMap((tagging) => tagFacts(tagging, tagNames)),
      ...attributes.map(attributeFact),
    ]
    return made.map((fact) => ({ ...fact, seenAt: fact.at }))
  }

  /** Where the run stands after it went on. */
  const settle = (was: RunDoc, { at, next }: Advance, now: Date): void => {
    if (next.state !== 'waiting') return leave(next.state, next.because, now)
    const { met: _met, ...rest } = was
    const waits: RunDoc = { ...rest, state: 'waiting', at, since: now, dueAt: next.dueAt }
    run = waits
    const step = waitOf(rule.steps, at)
    if (step === null || step.until.type !== 'confirmed') return
    // It may have been confirmed long before it came here.
    const fact = delivered.find((one) => isAwaited(waits, step.until, waits.enteredAt, one))
    if (fact !== undefined) run = { ...waits, met: { stepId: step.id, factId: fact.id, at: fact.at }, dueAt: now }
  }

  return {
    dueAt: (): Date | null => run?.dueAt ?? null,

    enter(entry: Entry, now: Date): void {
      if (keys.has(entry.entryKey) || entered >= mostEntries) return
      const skip = skipOf(rule, keepingOut(now))
      if (skip !== null) return note(line(now, 'kept', { because: [skip] }))
      keys.add(entry.entryKey)
      entered += 1
      const made = runOf(`virtual:${customerId}:${entered}`, rule, entry, { now, lookAt: now, isOut })
      const heldOut = made.state === 'held_out'
      if (heldOut) last = made
      else run = made
      note(line(now, heldOut ? 'held_out' : 'entered', { because: made.because }))
    },

    /** What ends the run, or what it waits for. */
    see(facts: readonly Fact[], now: Date): void {
      delivered.push(...facts.filter(({ type }) => type === 'send.changed'))
      if (run === null) return
      const ending = endingOf(run, rule, facts, view())
      if (ending !== null) return leave(ending.state, [ending.because], now)
      const step = run.state === 'waiting' && run.met === undefined ? waitOf(rule.steps, run.at) : null
      const { since } = run
      if (step === null || since === undefined) return
      const waiting = run
      const fact = sinceEntry(run, facts).find((one) => isAwaited(waiting, step.until, since, one))
      if (fact !== undefined) run = { ...run, met: { stepId: step.id, factId: fact.id, at: fact.at }, dueAt: now }
    },

    /** Takes the run on where it is due; answers what its steps say of the customer, which is to be seen before it goes on. */
    async advance(now: Date): Promise<Fact[]> {
      while (run !== null && run.dueAt !== null && run.dueAt.getTime() <= now.getTime()) {
        const was: RunDoc = run
        const went = await go(was, rule, view(), now)
        for (const log of went.log) note(stepLine(log))
        for (const intent of went.effects.intents) if (intent.channel !== 'app') sends.want(intent, now)
        // Decided before the run is seen to end: what it wanted last is its own.
        delivered.push(...sends.decide(now))
        settle(was, went, now)
        const made = factsOf(went.effects)
        if (made.length > 0) return made
      }
      return []
    },
  }
}
