import type { PlatformQuota } from '@zhiyin/shared/intent'
import type { RuleInput } from '@zhiyin/shared/rule'
import { graphProblems, hurriedSends } from './graph.ts'
import type { Problem } from './words.ts'

type Known = {
  readonly contentIds: ReadonlySet<string>
  readonly robotGroupIds: ReadonlySet<string>
  readonly quota: PlatformQuota
}

const periodHours = { day: 24, week: 24 * 7, month: 24 * 28 } as const

/** Steps that do something to somebody. */
const acts: ReadonlySet<string> = new Set(['send', 'tag', 'task', 'set_attribute', 'notify', 'transfer', 'webhook'])

/** Everything that is missing in a rule by itself, in the order of the steps. */
export const problemsOf = (rule: Pick<RuleInput, 'trigger' | 'steps' | 'goal' | 'limits'>, known: Known): Problem[] => {
  const { trigger, steps, goal, limits } = rule
  const problems: Problem[] = [...graphProblems(steps)]
  const add = (key: Problem['key'], stepId: string | null = null, params: Problem['params'] = {}): void =>
    void problems.push({ key, stepId, params })
  if (!steps.some(({ type }) => acts.has(type))) add('noSend')
  const first = steps[0]?.id
  steps.forEach((step, place) => {
    const at = { step: place + 1 }
    if (step.type !== 'send') return
    if (!known.contentIds.has(step.contentId)) add('noContent', step.id, at)
    if (step.channel === 'welcome' && trigger.type !== 'customer.added') add('welcomeTrigger', step.id)
    if (step.channel === 'welcome' && step.id !== first) add('welcomeFirst', step.id)
    if (step.channel === 'robot' && !known.robotGroupIds.has(step.groupId ?? '')) add('robotGroup', step.id, at)
  })
  const { period, count } = known.quota
  if (count === 1)
    for (const step of hurriedSends(steps, periodHours[period]))
      add('tooFast', step.id, { step: steps.indexOf(step) + 1, period, count })
  if (goal !== null && limits.holdoutPercent === 0) add('noHoldout')
  return problems
}
