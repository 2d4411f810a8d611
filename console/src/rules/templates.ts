import { RuleLimits } from '@zhiyin/shared/rule'
import { everyone } from '../conditions/tree.ts'
import type { RuleDraft } from './draft.ts'
import { stepId } from './draft.ts'

export const templateNames = ['recall', 'welcome', 'afterOrder', 'blank'] as const
export type TemplateName = (typeof templateNames)[number]

const limits: RuleLimits = RuleLimits.parse({})

const send = (channel: 'welcome' | 'mass', expireHours: number) =>
  ({ id: stepId(), type: 'send', channel, contentId: '', expireHours }) as const
const wait = (days: number) => ({ id: stepId(), type: 'wait', hours: days * 24 }) as const

/** Ready drafts to begin a rule with: ordinary rules with every figure open, only the content is still to be chosen. */
const drafts: Record<TemplateName, (title: string, task: string) => RuleDraft> = {
  recall: (title, task) => ({
    name: title,
    trigger: { type: 'stage.entered', stages: ['silent'] },
    condition: { type: 'tier', in: ['A', 'B', 'C'] },
    steps: [send('mass', 72), wait(3), { id: stepId(), type: 'task', title: task, dueHours: 48 }],
    goal: { on: 'ordered', withinDays: 14 },
    exitOn: ['ordered'],
    limits: { ...limits, holdoutPercent: 10 },
  }),
  welcome: (title) => ({
    name: title,
    trigger: { type: 'customer.added', channelIds: [] },
    condition: everyone,
    steps: [send('welcome', 1)],
    goal: { on: 'ordered', withinDays: 7 },
    exitOn: [],
    limits: { ...limits, reentryDays: 0 },
  }),
  afterOrder: (title, task) => ({
    name: title,
    trigger: { type: 'event', event: 'order.completed', where: [] },
    condition: { type: 'orders', op: 'lte', value: 1 },
    steps: [wait(3), send('mass', 72), wait(7), { id: stepId(), type: 'task', title: task, dueHours: 48 }],
    goal: { on: 'ordered', withinDays: 30 },
    exitOn: ['ordered'],
    limits: { ...limits, reentryDays: 365, holdoutPercent: 10 },
  }),
  blank: () => ({
    name: '',
    trigger: { type: 'stage.entered', stages: ['silent'] },
    condition: everyone,
    steps: [send('mass', 72)],
    goal: null,
    exitOn: ['replied', 'ordered'],
    limits: { ...limits },
  }),
}

export const templateDraft = (name: TemplateName, title: string, task: string): RuleDraft => drafts[name](title, task)
