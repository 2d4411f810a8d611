import { RuleInput } from '@zhiyin/shared/rule'

const days = (count: number): number => 24 * count
const everybody = { type: 'all' as const, of: [] }

/** What is said by which step; the texts differ, so that the ledger tells them apart. */
export const texts = [
  '欢迎',
  '入门指南',
  '好久不见',
  '给你一张券',
  '想你了 甲',
  '想你了 乙',
  '第二单礼',
  '该补货了',
  '生日快乐',
  '周一上新',
  '会员日',
  '分群关怀',
  '欢迎升级',
  '你看过的',
  '周末问候',
  '大单 甲',
  '大单 乙',
  '大单 丙',
  '店长来信',
  '欢迎回来',
] as const
export type Text = (typeof texts)[number]

type Said = (text: Text) => string

/** Twenty rules of every kind: they compete for the same customers by priority, lose in all four ways, and hold some out. */
export const twentyRules = (said: Said): RuleInput[] => {
  const send = (id: string, text: Text, over: object = {}) => ({
    id,
    type: 'send',
    channel: 'mass',
    contentId: said(text),
    ...over,
  })
  const task = (id: string, title: string, over: object = {}) => ({ id, type: 'task', title, ...over })
  const vip = { id: 'vip', name: '贵宾' }
  const rules: object[] = [
    {
      name: '欢迎',
      trigger: { type: 'customer.added' },
      steps: [
        { id: 's', type: 'send', channel: 'welcome', contentId: said('欢迎'), expireHours: 1 },
        { id: 'w', type: 'wait', hours: days(3) },
        task('t', '新客户回访'),
      ],
    },
    {
      name: '入门',
      trigger: { type: 'customer.added' },
      steps: [{ id: 'w', type: 'wait', hours: days(1), at: '10:00' }, send('s', '入门指南')],
      exitOn: ['ordered'],
    },
    {
      name: '沉默召回',
      trigger: { type: 'stage.entered', stages: ['silent'] },
      condition: { type: 'tier', in: ['A', 'B'] },
      steps: [
        send('s', '好久不见', { late: { afterHours: 48, action: 'skip' } }),
        { id: 'u', type: 'wait_until', until: { type: 'replied' }, hours: days(3), next: 'x', otherwise: 'b' },
        { id: 'x', type: 'exit' },
        {
          id: 'b',
          type: 'branch',
          arms: [{ id: 'top', condition: { type: 'tier', in: ['A'] }, next: 'c' }],
          otherwise: 't',
        },
        send('c', '给你一张券', { next: 't' }),
        task('t', '打个电话'),
      ],
      goal: { on: 'ordered', withinDays: 14 },
      exitOn: ['objected'],
      limits: { holdoutPercent: 10, priority: 80 },
    },
    {
      name: '流失召回',
      trigger: { type: 'stage.entered', stages: ['lost'] },
      steps: [
        {
          id: 'x',
          type: 'split',
          arms: [
            { id: 'a', percent: 50, next: 'sa' },
            { id: 'b', percent: 50, next: 'sb' },
          ],
        },
        send('sa', '想你了 甲', { next: null }),
        send('sb', '想你了 乙', { next: null }),
      ],
      goal: { on: 'ordered', withinDays: 30 },
      limits: { holdoutPercent: 20, priority: 60 },
    },
    {
      name: '促二单',
      trigger: { type: 'event', event: 'order.completed' },
      condition: { type: 'orders', op: 'lte', value: 1 },
      steps: [{ id: 'w', type: 'wait', hours: days(7) }, send('s', '第二单礼')],
      exitOn: ['ordered', 'objected'],
      limits: { onLoss: 'drop' },
    },
    {
      name: '补货',
      trigger: { type: 'event', event: 'order.completed' },
      steps: [{ id: 'w', type: 'wait', hours: days(28), at: '11:00', workdays: true }, send('s', '该补货了')],
      limits: { priority: 70, days: 'workdays', reentryDays: 7 },
    },
    {
      name: '生日',
      trigger: { type: 'date', key: 'birthday', days: 0, yearly: true, at: '09:30' },
      steps: [send('s', '生日快乐', { expireHours: 12 })],
      limits: { priority: 95, onLoss: 'drop' },
    },
    {
      name: '周报',
      trigger: { type: 'schedule', at: '10:00', weekdays: [1] },
      condition: { type: 'tier', in: ['A', 'B'] },
      steps: [send('s', '周一上新')],
      limits: { reentryDays: 0, onLoss: 'fallback', priority: 30 },
    },
    {
      name: '会员日',
      trigger: { type: 'schedule', at: '12:00', monthdays: [1, 15] },
      steps: [send('s', '会员日', { expireHours: 24, fallback: 'none' })],
      limits: { reentryDays: 0, onLoss: 'merge', priority: 10 },
    },
    {
      name: '贵宾入门',
      trigger: { type: 'tag.added', tags: [vip] },
      steps: [task('t', '给贵宾打电话'), { id: 'a', type: 'set_attribute', key: 'vip', value: true }],
    },
    {
      name: '贵宾离开',
      trigger: { type: 'tag.removed', tags: [vip] },
      steps: [{ id: 'n', type: 'notify', to: 'rep', text: '{{ customer.name }} 不再是贵宾' }],
    },
    {
      name: '分群关怀',
      trigger: { type: 'segment.entered', segments: [{ id: 'often', name: '常客' }] },
      steps: [send('s', '分群关怀', { expireHours: 240 })],
      limits: { reentryDays: 0 },
    },
    {
      name: '离开分群',
      trigger: { type: 'segment.left', segments: [{ id: 'often', name: '常客' }] },
      steps: [task('t', '问问近况')],
      limits: { reentryDays: 0 },
    },
    {
      name: '升级',
      trigger: { type: 'tier.changed', to: ['A'] },
      steps: [{ id: 'g', type: 'tag', add: ['vip'] }, send('s', '欢迎升级')],
      limits: { priority: 75 },
    },
    {
      name: '降级',
      trigger: { type: 'tier.left', from: ['A'] },
      steps: [{ id: 'g', type: 'tag', remove: ['vip'] }, task('t', '降级了')],
      limits: { reentryDays: 0 },
    },
    {
      name: '看过商品',
      trigger: { type: 'event', event: 'link.opened' },
      steps: [{ id: 'w', type: 'wait', hours: 2 }, send('s', '你看过的')],
      limits: { days: 'workdays', onLoss: 'drop', reentryDays: 14 },
    },
    {
      name: '周末问候',
      trigger: { type: 'event', event: 'customer.replied' },
      steps: [send('s', '周末问候', { expireHours: 200 })],
      limits: { days: 'days_off', priority: 20, reentryDays: 20 },
    },
    {
      name: '大单实验',
      trigger: {
        type: 'event',
        event: 'order.completed',
        where: [{ field: 'amount', test: { op: 'at_least', value: 30_000 } }],
      },
      steps: [
        {
          id: 'x',
          type: 'split',
          arms: [
            { id: 'a', percent: 34, next: 'sa' },
            { id: 'b', percent: 33, next: 'sb' },
            { id: 'c', percent: 33, next: 'sc' },
          ],
        },
        send('sa', '大单 甲', { next: null }),
        send('sb', '大单 乙', { next: null }),
        send('sc', '大单 丙', { next: null }),
      ],
      goal: { on: 'ordered', withinDays: 60 },
      limits: { holdoutPercent: 25, priority: 85, reentryDays: 10 },
    },
    {
      name: '店长来信',
      trigger: { type: 'manual' },
      steps: [
        send('s', '店长来信'),
        {
          id: 'u',
          type: 'wait_until',
          until: { type: 'confirmed', stepId: 's' },
          hours: 72,
          next: 'ok',
          otherwise: 'no',
        },
        { id: 'ok', type: 'set_attribute', key: 'lettered', value: true, next: null },
        task('no', '信没发出去'),
      ],
      limits: { reentryDays: 10 },
    },
    {
      name: '醒来',
      trigger: { type: 'stage.left', stages: ['silent', 'lost'] },
      steps: [send('s', '欢迎回来')],
      limits: {
        quietHours: { from: '18:00', to: '11:00' },
        valid: { from: '2026-03-20T00:00:00Z', until: '2026-07-20T00:00:00Z' },
      },
    },
  ]
  return rules.map((rule) => RuleInput.parse({ condition: everybody, ...rule }))
}
