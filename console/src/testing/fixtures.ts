import type { Channel } from '@zhiyin/shared/api/channels'
import type { Member } from '@zhiyin/shared/api/members'
import type { Me } from '@zhiyin/shared/api/session'
import { because } from '@zhiyin/shared/because'
import type { Content } from '@zhiyin/shared/content'
import { RuleLimits, type DryRun, type DryRunRow, type Rule, type RuleInput } from '@zhiyin/shared/rule'

/** Valid things of the product for tests, each changed where a test needs it. */
export const at = '2026-11-23T06:00:00.000Z'

export const buildMe = (over: Partial<Me> = {}): Me => ({
  userid: 'wangmin',
  name: '王敏',
  role: 'manager',
  timezone: 'Asia/Shanghai',
  ...over,
})

export const buildMember = (over: Partial<Member> = {}): Member => ({
  userid: 'wangmin',
  name: '王敏',
  position: null,
  role: 'rep',
  active: true,
  barred: false,
  rep: true,
  departments: [1],
  leads: [],
  customers: 3,
  lastSeenAt: at,
  ...over,
})

export const buildRuleInput = (over: Partial<RuleInput> = {}): RuleInput => ({
  name: '沉默 30 天召回',
  trigger: { type: 'stage.entered', stages: ['silent'] },
  condition: {
    type: 'all',
    of: [
      { type: 'tier', in: ['A', 'B', 'C'] },
      { type: 'not', of: { type: 'tag', tagId: 't_quiet', tag: '周末勿扰' } },
    ],
  },
  steps: [
    { id: 's1', type: 'send', channel: 'mass', contentId: 'c_recall', expireHours: 72 },
    { id: 's2', type: 'wait', hours: 72 },
    { id: 's3', type: 'task', title: '打个电话问候一下', dueHours: 48 },
  ],
  goal: { on: 'ordered', withinDays: 14 },
  exitOn: ['replied', 'ordered'],
  limits: RuleLimits.parse({ holdoutPercent: 10 }),
  ...over,
})

export const buildRule = (over: Partial<Rule> = {}): Rule => ({
  ...buildRuleInput(),
  id: 'r1',
  version: 3,
  status: 'draft',
  live: null,
  pausedBecause: null,
  counts: { running: 42, entered: 118, heldOut: 12, goal: 17, exited: 31, finished: 16 },
  updatedAt: at,
  updatedBy: '王敏',
  ...over,
})

export const buildContent = (over: Partial<Content> = {}): Content => ({
  id: 'c_recall',
  name: '沉默唤醒',
  body: { text: '{{ customer.name }}，好久不见，店里上了新品，有空来看看。', attachments: [] },
  variants: [
    {
      when: { tiers: ['A'] },
      body: { text: '{{ customer.name }}，给您留了一套新到的精华，我是 {{ rep.name }}。', attachments: [] },
    },
  ],
  folder: '',
  couponId: null,
  expiresAt: null,
  version: 1,
  state: 'ready',
  approved: null,
  updatedAt: at,
  updatedBy: '王敏',
  ...over,
})

export const buildDryRunRow = (over: Partial<DryRunRow> = {}): DryRunRow => ({
  customerId: 'cu1',
  customer: '林晓雯',
  tier: 'A',
  stage: 'silent',
  because: [because('stage.silent_rhythm', { days: 32, median: 19, late: 13 })],
  outcome: 'send',
  outcomeBecause: [because('send.awaiting_rep', { rep: '王敏' })],
  preview: '林晓雯，给您留了一套新到的精华，我是 王敏。',
  rep: '王敏',
  ...over,
})

export const buildDryRun = (over: Partial<DryRun> = {}): DryRun => ({
  at,
  checked: 486,
  counts: { send: 1, wait: 0, block: 0, holdout: 0, skip: 0 },
  rows: [buildDryRunRow()],
  steps: [],
  problems: [],
  limited: false,
  valid: true,
  ...over,
})

export const buildChannel = (over: Partial<Channel> = {}): Channel => ({
  id: 'ch1',
  name: '活动海报 B',
  remark: '',
  state: 'ch1',
  status: 'on',
  userids: ['wangmin'],
  shifts: [],
  backups: [],
  capPerDay: null,
  tagIds: ['t1'],
  skipVerify: true,
  exclusive: false,
  markSource: true,
  qrUrl: 'https://wework.qpic.cn/wwpic/ch1',
  configId: 'cfg1',
  serving: { userids: ['wangmin'], by: 'duty', until: null },
  full: [],
  unable: [],
  problem: null,
  today: 3,
  last30: 36,
  createdAt: at,
  ...over,
})
