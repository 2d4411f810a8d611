import type { z } from 'zod'
import type { RuleInput, Step } from '@zhiyin/shared/rule'

type Ids = { readonly recall: string; readonly coupon: string; readonly coupon_story: string; readonly tag: string }

const days = (count: number): number => count * 24
/** A rep may take a week to confirm before a message is given up. */
const week = days(7)

/** A coupon that comes more than three days late is left out: the greeting before it has gone cold by then. */
const coupon = (id: string, contentId: string): Step => {
  const late = { afterHours: days(3), action: 'skip' } as const
  return { id, type: 'send', channel: 'mass', contentId, expireHours: week, late, next: 'opened' }
}

/** Those who fall silent: a word, and who does not answer it gets a call (A) or a coupon in one of two texts (B, C). */
export const recallRule = ({ recall, coupon: plain, coupon_story: story, tag }: Ids): z.input<typeof RuleInput> => ({
  name: '沉默 30 天召回',
  trigger: { type: 'stage.entered', stages: ['silent'] },
  steps: [
    { id: 'mark', type: 'tag', add: [tag] },
    { id: 'hello', type: 'send', channel: 'mass', contentId: recall, expireHours: week },
    {
      ...{ id: 'answer', type: 'wait_until', until: { type: 'replied' }, hours: days(4) },
      ...{ next: null, otherwise: 'tiers' },
    },
    {
      ...{ id: 'tiers', type: 'branch', otherwise: 'texts' },
      arms: [{ id: 'a', name: 'A 层', condition: { type: 'tier', in: ['A'] }, next: 'call' }],
    },
    { id: 'call', type: 'task', title: '老客户还没回来：打个电话关心一下', dueHours: 48, next: null },
    {
      ...{ id: 'texts', type: 'split' },
      arms: [
        { id: 'plain', name: '直接给券', percent: 50, next: 'coupon' },
        { id: 'story', name: '先给建议', percent: 50, next: 'coupon-story' },
      ],
    },
    coupon('coupon', plain),
    coupon('coupon-story', story),
    {
      ...{ id: 'opened', type: 'wait_until', until: { type: 'event', event: 'link.opened' }, hours: days(5) },
      ...{ next: 'help', otherwise: null },
    },
    { id: 'help', type: 'task', title: '点开了券还没下单：问问要不要帮忙搭配', dueHours: 48, next: null },
  ],
  goal: { on: 'ordered', withinDays: 14 },
  exitOn: ['objected'],
  limits: { holdoutPercent: 20, guard: { deletedPercent: 8, atLeast: 30 } },
})
