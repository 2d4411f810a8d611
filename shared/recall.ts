import type { Condition } from './condition.ts'
import type { RecallForm, RecallLadder, RecallWhen } from './recall-form.ts'
import { RuleInput, type Step, type Trigger } from './rule.ts'

export * from './recall-form.ts'

/** Hours a rep has for a call. */
const callHours = 48

const anyOf = (of: Condition[]): Condition[] => (of.length < 2 ? of : [{ type: 'any', of }])

const lateBy = (when: RecallWhen): Condition[] => {
  if (when.type === 'stage') return []
  if (when.type === 'rhythm') return [{ type: 'rhythm', factor: when.factor }]
  const least: Condition = { type: 'silent', minDays: when.minDays }
  return when.maxDays === null ? [least] : [least, { type: 'not', of: { type: 'silent', minDays: when.maxDays } }]
}

/** Who a form is for today, as a condition: the stage too, which the rule itself has as its trigger. */
export const whoOfRecall = (form: RecallForm): Condition => {
  const { when } = form
  const stage: Condition[] = when.type === 'stage' ? [{ type: 'stage', in: when.stages }] : []
  return { type: 'all', of: [...stage, ...conditionOf(form)] }
}

const conditionOf = ({ when, ladders, tags, segments }: RecallForm): Condition[] => [
  ...lateBy(when),
  { type: 'tier', in: ladders.map(({ tier }) => tier) },
  ...anyOf(tags.map(({ id: tagId, name: tag }) => ({ type: 'tag', tagId, tag }))),
  ...anyOf(segments.map(({ id: segmentId, name: segment }) => ({ type: 'segment', segmentId, segment }))),
]

const triggerOf = ({ when, at }: RecallForm): Trigger =>
  when.type === 'stage'
    ? { type: 'stage.entered', stages: when.stages }
    : { type: 'schedule', at, weekdays: [], monthdays: [] }

/** The pause before a rung: it ends early, and the way with it, when the customer does what the rule stops at. */
const pauseOf = (id: string, afterDays: number, stopOn: RecallForm['stopOn'], then: string): Step => {
  const hours = afterDays * 24
  const ends = { id, type: 'wait_until', hours, next: null, otherwise: then } as const
  if (stopOn.includes('replied')) return { ...ends, until: { type: 'replied' } }
  if (stopOn.includes('ordered')) return { ...ends, until: { type: 'event', event: 'order.completed', where: [] } }
  return { id, type: 'wait', hours, next: then }
}

/** The rungs of a tier that are there, each with what it does; where it leads is not said yet. */
const rungsOf = ({ tier, gentle, coupon, call }: RecallLadder) => {
  const send = (id: string, contentId: string) =>
    ({ id, type: 'send', channel: 'mass', contentId, expireHours: 72 }) as const
  const task = (id: string, title: string) => ({ id, type: 'task', title, dueHours: callHours }) as const
  return [
    ...(gentle === null ? [] : [{ afterDays: 0, does: send(`${tier}_gentle`, gentle.contentId) }]),
    ...(coupon === null ? [] : [{ afterDays: coupon.afterDays, does: send(`${tier}_coupon`, coupon.contentId) }]),
    ...(call === null ? [] : [{ afterDays: call.afterDays, does: task(`${tier}_call`, call.title) }]),
  ]
}

const stepsOf = (ladder: RecallLadder, stopOn: RecallForm['stopOn']): Step[] => {
  const rungs = rungsOf(ladder)
  return rungs.flatMap(({ afterDays, does }, index): Step[] => {
    const next = rungs[index + 1] === undefined ? null : `${ladder.tier}_wait_${index + 1}`
    const step: Step = { ...does, next }
    return index === 0 ? [step] : [pauseOf(`${ladder.tier}_wait_${index}`, afterDays, stopOn, does.id), step]
  })
}

/** The rule a form stands for, with the form in it so that it can be opened again. A branch parts the tiers where there are several. */
export const ruleOfRecall = (form: RecallForm): RuleInput => {
  const { name, ladders, stopOn, againDays, holdoutPercent, workdays, goalDays } = form
  const ways = ladders.map((ladder) => ({ tier: ladder.tier, steps: stepsOf(ladder, stopOn) }))
  const parting: Step[] =
    ways.length < 2
      ? []
      : [
          {
            id: 'tiers',
            type: 'branch',
            arms: ways.map(({ tier, steps }) => ({
              id: tier,
              name: tier,
              condition: { type: 'tier', in: [tier] },
              next: steps[0]?.id ?? null,
            })),
            otherwise: null,
          },
        ]
  return RuleInput.parse({
    name,
    trigger: triggerOf(form),
    condition: { type: 'all', of: conditionOf(form) },
    steps: [...parting, ...ways.flatMap(({ steps }) => steps)],
    goal: { on: 'ordered', withinDays: goalDays },
    exitOn: stopOn,
    limits: { holdoutPercent, reentryDays: againDays, days: workdays ? 'workdays' : 'any' },
    recall: form,
  })
}
