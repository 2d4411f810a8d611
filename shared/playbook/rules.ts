import type { RecallForm, RecallLadder } from '../recall-form.ts'
import { ruleOfRecall } from '../recall.ts'
import { RuleInput, type Step } from '../rule.ts'
import { fill, type Bilingual, type Lang } from '../text.ts'
import type { Tier } from '../tier.ts'
import type { PlaybookWords } from './types.ts'

export const playbookRules = [
  'welcome',
  'second_order',
  'replenish',
  'birthday',
  'silent_30',
  'lost_90',
  'vip_care',
  'graduate',
] as const
export type PlaybookRuleId = (typeof playbookRules)[number]
export type PartOf = keyof PlaybookWords

/** The id of the content that plays a part. */
type Contents = (part: PartOf) => string
type Made = Omit<RuleInput, 'limits' | 'exitOn' | 'goal' | 'condition'> & Partial<RuleInput>

const tasks = {
  needs: { zh: '问问需求，加个备注', en: 'Ask what they need and note it down' },
  second: { zh: '打个电话，约第二次', en: 'Call about the second time' },
  birthday: { zh: '打电话祝生日快乐', en: 'Call to say happy birthday' },
  call: { zh: '打个电话问候一下', en: 'Call to ask how they are' },
  lost: { zh: '打电话听听原因', en: 'Call and ask for the reason' },
  vip: { zh: '本月一对一关怀', en: 'This month’s personal word' },
  graduate: { zh: '聊聊下一步学什么', en: 'Talk about what to learn next' },
} as const satisfies Record<string, Bilingual>

const names: Readonly<Record<PlaybookRuleId, Bilingual>> = {
  welcome: { zh: '{trade}·新客欢迎', en: '{trade}: welcome' },
  second_order: { zh: '{trade}·第二单', en: '{trade}: second order' },
  replenish: { zh: '{trade}·按自己节奏提醒', en: '{trade}: by own rhythm' },
  birthday: { zh: '{trade}·生日', en: '{trade}: birthday' },
  silent_30: { zh: '{trade}·沉默 30 天', en: '{trade}: silent for 30 days' },
  lost_90: { zh: '{trade}·流失 90 天', en: '{trade}: lost for 90 days' },
  vip_care: { zh: '{trade}·贵宾关怀', en: '{trade}: VIP care' },
  graduate: { zh: '{trade}·结课升班', en: '{trade}: after the last lesson' },
}

const send = (id: string, contentId: string): Step => ({
  id,
  type: 'send',
  channel: 'mass',
  contentId,
  expireHours: 72,
})
const wait = (id: string, days: number, at?: string): Step => ({
  id,
  type: 'wait',
  hours: days * 24,
  ...(at === undefined ? {} : { at }),
})
const task = (id: string, title: string, days = 2): Step => ({ id, type: 'task', title, dueHours: days * 24 })
const isA = { type: 'tier', in: ['A'] } as const satisfies RuleInput['condition']

type Rungs = Partial<Omit<RecallLadder, 'tier'>>
const ladder = (tier: Tier, { gentle = null, coupon = null, call = null }: Rungs): RecallLadder => ({
  tier,
  gentle,
  coupon,
  call,
})
/** What all recalls of the playbooks have in common. */
const recall = (name: string, over: Pick<RecallForm, 'when' | 'ladders' | 'againDays'>): RuleInput =>
  ruleOfRecall({
    ...{ name, tags: [], segments: [], at: '10:00', workdays: true, goalDays: 14, holdoutPercent: 10 },
    stopOn: ['ordered', 'replied', 'objected'],
    ...over,
  })

const whole = (made: Made, limits: Partial<RuleInput['limits']>): RuleInput => {
  const usual = { goal: { on: 'ordered', withinDays: 14 }, exitOn: ['ordered', 'objected'] }
  return RuleInput.parse({ ...usual, ...made, limits: { holdoutPercent: 10, ...limits } })
}

/** The rules of a trade, each made of contents by their ids; what is written in them is in one language. */
export const makeRule = (rule: PlaybookRuleId, trade: Bilingual, content: Contents, lang: Lang): RuleInput => {
  const name = fill(names[rule], { trade: trade[lang] }, lang)
  const todo = (key: keyof typeof tasks): string => tasks[key][lang]
  switch (rule) {
    case 'welcome':
      return whole(
        {
          name,
          trigger: { type: 'customer.added', channelIds: [], who: 'newcomer' },
          steps: [
            { id: 'welcome', type: 'send', channel: 'welcome', contentId: content('welcome'), expireHours: 1 },
            {
              ...{ id: 'answer', type: 'wait_until', until: { type: 'replied' }, hours: 72 },
              ...{ next: null, otherwise: 'needs' },
            },
            task('needs', todo('needs')),
          ],
        },
        { holdoutPercent: 0, reentryDays: 365 },
      )
    case 'second_order':
      return whole(
        {
          name,
          trigger: { type: 'event', event: 'order.completed', where: [] },
          condition: { type: 'orders', op: 'lte', value: 1 },
          steps: [
            wait('first', 3, '10:00'),
            send('how', content('firstOrder')),
            wait('use', 14, '10:00'),
            send('again', content('secondOrder')),
            wait('rest', 5),
            task('call', todo('second')),
          ],
          goal: { on: 'ordered', withinDays: 45 },
        },
        { reentryDays: 365 },
      )
    case 'replenish': {
      const gentle = { contentId: content('replenish') }
      return recall(name, {
        when: { type: 'rhythm', factor: 0.9 },
        ladders: [
          ladder('A', { gentle, call: { title: todo('call'), afterDays: 5 } }),
          ladder('B', { gentle }),
          ladder('C', { gentle }),
        ],
        againDays: 21,
      })
    }
    case 'birthday':
      return whole(
        {
          name,
          trigger: { type: 'date', key: 'birthday', days: 0, yearly: true, at: '09:30' },
          steps: [
            {
              ...{ id: 'vip', type: 'branch', otherwise: 'wish' },
              arms: [{ id: 'A', name: 'A', condition: isA, next: 'call' }],
            },
            task('call', todo('birthday'), 1),
            send('wish', content('birthday')),
          ],
          exitOn: ['objected'],
        },
        { reentryDays: 300 },
      )
    case 'silent_30': {
      const [gentle, coupon] = [{ contentId: content('gentle') }, content('coupon')]
      return recall(name, {
        when: { type: 'silent', minDays: 30, maxDays: 90 },
        ladders: [
          ladder('A', { gentle, call: { title: todo('call'), afterDays: 3 } }),
          ladder('B', {
            gentle,
            coupon: { contentId: coupon, afterDays: 4 },
            call: { title: todo('call'), afterDays: 5 },
          }),
          ladder('C', { gentle, coupon: { contentId: coupon, afterDays: 5 } }),
        ],
        againDays: 60,
      })
    }
    case 'lost_90': {
      const gentle = { contentId: content('lost') }
      return recall(name, {
        when: { type: 'silent', minDays: 90, maxDays: 365 },
        ladders: [
          ladder('A', { gentle, call: { title: todo('lost'), afterDays: 3 } }),
          ladder('B', { gentle }),
          ladder('C', { gentle }),
        ],
        againDays: 180,
      })
    }
    case 'vip_care':
      return whole(
        {
          name,
          trigger: { type: 'schedule', at: '10:00', weekdays: [], monthdays: [1] },
          condition: { type: 'all', of: [isA, { type: 'stage', in: ['new', 'active', 'mature'] }] },
          steps: [task('word', todo('vip'), 5), send('vip', content('vip'))],
          goal: { on: 'ordered', withinDays: 30 },
          exitOn: ['objected'],
        },
        { reentryDays: 25, days: 'workdays' },
      )
    case 'graduate':
      return whole(
        {
          name,
          trigger: { type: 'event', event: 'behavior.tracked', name: 'Course Completed', where: [] },
          steps: [
            wait('rest', 1, '10:00'),
            send('next', content('graduate')),
            {
              ...{ id: 'answer', type: 'wait_until', until: { type: 'replied' }, hours: 120 },
              ...{ next: null, otherwise: 'talk' },
            },
            task('talk', todo('graduate')),
          ],
          goal: { on: 'ordered', withinDays: 30 },
        },
        { reentryDays: 30 },
      )
  }
}

export const partsOf = (rule: PlaybookRuleId): PartOf[] => {
  const parts: PartOf[] = []
  makeRule(
    rule,
    { zh: '', en: '' },
    (part) => {
      parts.push(part)
      return part
    },
    'zh',
  )
  return [...new Set(parts)]
}
