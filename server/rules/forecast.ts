import type { DryRunStep, RuleInput } from '@zhiyin/shared/rule'
import type { CustomerView } from '../profile/view.ts'
import { runOf } from './enter.ts'
import { ruleOf } from './rule-of.ts'
import type { RunDoc } from './runs.model.ts'
import type { Go } from './steps.ts'

const dayMs = 86_400_000
/** More waits than a rule has steps. */
const mostTurns = 61

/** Which ways somebody would go who comes in now, does nothing, and stays as they are; waits are days from now. */
export const forecast = async (
  go: Go,
  input: RuleInput,
  id: string,
  view: CustomerView,
  now: Date,
): Promise<{ stepId: string; arm: string | null; day: number }[]> => {
  const entry = { customerId: view.id, entryKey: '', because: [], userid: null, factId: null }
  const alone = { now, lookAt: now, isOut: () => false }
  const rule = ruleOf(id, { ...input, limits: { ...input.limits, holdoutPercent: 0 } }, now)
  const ways: { stepId: string; arm: string | null; day: number }[] = []
  let run: RunDoc = runOf('dry', rule, entry, alone)
  let at = now
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const went = await go(run, rule, view, at)
    const day = Math.floor((at.getTime() - now.getTime()) / dayMs)
    for (const { stepId, what, arm } of went.log) if (what !== 'asks') ways.push({ stepId, arm: arm ?? null, day })
    // At the end it only waits to be seen reaching its goal.
    if (went.next.state !== 'waiting' || went.next.dueAt === null || went.at === null) return ways
    at = went.next.dueAt
    run = { ...run, state: 'waiting', at: went.at, dueAt: at }
  }
  return ways
}

/** Adds one customer's ways to the counts. */
export const addForecast = (steps: Map<string, DryRunStep>, ways: Awaited<ReturnType<typeof forecast>>): void => {
  for (const { stepId, arm, day } of ways) {
    const key = JSON.stringify([stepId, arm])
    const { count, fromDay, toDay } = steps.get(key) ?? { count: 0, fromDay: day, toDay: day }
    const range = { fromDay: Math.min(fromDay, day), toDay: Math.max(toDay, day) }
    steps.set(key, { stepId, arm, count: count + 1, ...range })
  }
}
