import type { Fact, FactType } from '@zhiyin/shared/fact'
import type { Step, StepOf, WaitFor } from '@zhiyin/shared/rule'
import { matchesEvent } from './event-match.ts'
import type { Met, RunDoc } from './runs.model.ts'

export type WaitUntil = StepOf<'wait_until'>

/** The facts that may be what a step waits for. */
export const awaitedType = (until: WaitFor): FactType => {
  if (until.type === 'replied') return 'customer.replied'
  return until.type === 'confirmed' ? 'send.changed' : until.event
}

/** Whether this fact, after `since`, is what a run waits for. */
export const isAwaited = (run: Pick<RunDoc, '_id'>, until: WaitFor, since: Date, fact: Fact): boolean => {
  if (until.type === 'confirmed')
    return (
      fact.type === 'send.changed' &&
      fact.payload.runId === run._id &&
      fact.payload.stepId === until.stepId &&
      fact.payload.state === 'delivered'
    )
  if (fact.at.getTime() < since.getTime()) return false
  return until.type === 'replied' ? fact.type === 'customer.replied' : matchesEvent(until, fact)
}

export const waitOf = (steps: readonly Step[], at: string | null): WaitUntil | null => {
  const step = steps.find(({ id }) => id === at)
  return step?.type === 'wait_until' ? step : null
}

/** Facts of these customers of some types, not before a moment. */
export type FactsSince = (
  customerIds: readonly string[],
  types: readonly FactType[],
  since: Date,
) => Promise<readonly Fact[]>

export type Asking = {
  readonly run: Pick<RunDoc, '_id' | 'customerId'>
  readonly step: WaitUntil
  readonly since: Date
}

/** What of that which runs wait for has happened already, by run: one look for all of them. */
export const createHappened =
  (factsSince: FactsSince) =>
  async (asked: readonly Asking[]): Promise<ReadonlyMap<string, Met>> => {
    const found = new Map<string, Met>()
    if (asked.length === 0) return found
    const since = new Date(Math.min(...asked.map((one) => one.since.getTime())))
    const types = [...new Set(asked.map(({ step }) => awaitedType(step.until)))]
    const facts = await factsSince([...new Set(asked.map(({ run }) => run.customerId))], types, since)
    for (const { run, step, since: from } of asked) {
      const fact = facts.find((one) => one.customerId === run.customerId && isAwaited(run, step.until, from, one))
      if (fact !== undefined) found.set(run._id, { stepId: step.id, factId: fact.id, at: fact.at })
    }
    return found
  }

export type Happened = ReturnType<typeof createHappened>
