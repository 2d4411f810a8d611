import type { z } from 'zod'
import type { RuleInput } from '@zhiyin/shared/rule'

type Given = z.input<typeof RuleInput>
export type RuleKey = 'welcome' | 'care' | 'recall' | 'lost'

type Ids = {
  readonly contents: Readonly<Record<'welcome' | 'recall' | 'coupon' | 'lost', string>>
  readonly tags: Readonly<Record<'recalling' | 'winning', string>>
  readonly channels: readonly string[]
}

/** A rep may take a week to confirm before a message is given up. */
const week = 24 * 7
const days = (count: number): number => count * 24

/** The four rules the manager wrote, in the order of a customer's life. */
export const rulesOf = ({ contents, tags, channels }: Ids): Readonly<Record<RuleKey, Given>> => ({
  welcome: {
    name: '渠道欢迎语',
    trigger: { type: 'customer.added', channelIds: [...channels] },
    steps: [{ id: 'hello', type: 'send', channel: 'welcome', contentId: contents.welcome }],
    limits: { reentryDays: 0 },
  },
  care: {
    name: '首单后关怀',
    trigger: { type: 'event', event: 'order.completed' },
    condition: { type: 'orders', op: 'lte', value: 1 },
    steps: [
      { id: 'unpack', type: 'wait', hours: days(3) },
      { id: 'ask', type: 'task', title: '首单回访：问问用得怎么样、会不会用', dueHours: 48 },
    ],
    limits: { reentryDays: 365 },
  },
  recall: {
    name: '沉默 30 天召回',
    trigger: { type: 'stage.entered', stages: ['silent'] },
    steps: [
      { id: 'mark', type: 'tag', add: [tags.recalling] },
      { id: 'hello', type: 'send', channel: 'mass', contentId: contents.recall, expireHours: week },
      { id: 'wait-1', type: 'wait', hours: days(3) },
      { id: 'coupon', type: 'send', channel: 'mass', contentId: contents.coupon, expireHours: week },
      { id: 'wait-2', type: 'wait', hours: days(4) },
      {
        id: 'only-a',
        type: 'branch',
        arms: [{ id: 'a', name: 'A 层', condition: { type: 'tier', in: ['A'] }, next: 'call' }],
        otherwise: null,
      },
      { id: 'call', type: 'task', title: '老客户还没回来：打个电话关心一下', dueHours: 48 },
    ],
    goal: { on: 'ordered', withinDays: 14 },
    limits: { holdoutPercent: 10 },
  },
  lost: {
    name: '流失 90 天挽回',
    trigger: { type: 'stage.entered', stages: ['lost'] },
    steps: [
      { id: 'mark', type: 'tag', add: [tags.winning], remove: [tags.recalling] },
      { id: 'sorry', type: 'send', channel: 'mass', contentId: contents.lost, expireHours: week },
      { id: 'wait', type: 'wait', hours: days(7) },
      { id: 'ask', type: 'task', title: '流失回访：问清原因并记到备注', dueHours: 72 },
    ],
    goal: { on: 'ordered', withinDays: 30 },
    limits: { holdoutPercent: 20, reentryDays: 180 },
  },
})
