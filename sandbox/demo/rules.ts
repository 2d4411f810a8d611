import type { z } from 'zod'
import type { RuleInput } from '@zhiyin/shared/rule'
import type { ContentKey } from './contents/index.ts'
import { recallRule } from './recall-rule.ts'

type Given = z.input<typeof RuleInput>
export type RuleKey = 'welcome' | 'care' | 'birthday' | 'recall' | 'lost'

type Ids = {
  readonly contents: Readonly<Record<ContentKey, string>>
  readonly tags: Readonly<Record<'recalling' | 'winning', string>>
  readonly channels: readonly string[]
}

/** A rep may take a week to confirm before a message is given up. */
const week = 24 * 7
const days = (count: number): number => count * 24

/** The rules the manager wrote, in the order of a customer's life. */
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
  birthday: {
    name: '生日祝福',
    trigger: { type: 'date', key: 'birthday', name: '生日', days: 0, yearly: true, at: '09:30' },
    steps: [
      {
        ...{ id: 'vip', type: 'branch', otherwise: 'wish' },
        arms: [{ id: 'a', name: 'A 层', condition: { type: 'tier', in: ['A'] }, next: 'gift' }],
      },
      { id: 'gift', type: 'task', title: '生日礼盒备好了：写张卡片，问问寄到哪里', dueHours: 24, next: 'wish' },
      { id: 'wish', type: 'send', channel: 'mass', contentId: contents.birthday, expireHours: 48, next: null },
    ],
    exitOn: ['objected'],
    limits: { reentryDays: 300 },
  },
  recall: recallRule({ ...contents, tag: tags.recalling }),
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
