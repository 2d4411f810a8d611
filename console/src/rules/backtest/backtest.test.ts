import { flushPromises } from '@vue/test-utils'
import { because } from '@zhiyin/shared/because'
import { Backtest, RuleTrial } from '@zhiyin/shared/backtest'
import { RuleInput } from '@zhiyin/shared/rule'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, provide, ref } from 'vue'
import { buildMe, buildRule } from '../../testing/fixtures.ts'
import { failed, mountIn, type Answer } from '../../testing/mount.ts'
import { emptyDirectory, namesOf, ruleContextKey } from '../context.ts'
import BacktestPane from './BacktestPane.vue'
import TryWay from './TryWay.vue'

const rule = RuleInput.parse({
  name: '谢谢下单',
  trigger: { type: 'event', event: 'order.completed' },
  steps: [
    { id: 'wait', type: 'wait', hours: 24 },
    { id: 'send', type: 'send', channel: 'mass', contentId: 'ct1' },
  ],
})
const line = (kind: string, over: object = {}) => ({
  at: '2026-11-20T04:00:00.000Z', kind, stepId: null, arm: null, because: [], text: null, rep: null, outcome: null, ...over,
}) // prettier-ignore
const buildBacktest = (over: object = {}): Backtest =>
  Backtest.parse({
    id: 'bt1',
    ruleId: null,
    rule,
    state: 'done',
    at: '2026-11-23T04:00:00.000Z',
    by: '王敏',
    // Midnight in New York: the day before in UTC's count of Shanghai would be one more.
    from: '2026-11-19T05:00:00.000Z',
    to: '2026-11-23T04:00:00.000Z',
    total: 486,
    wanted: 486,
    checked: 486,
    scale: 1,
    limited: false,
    counts: { customers: 12, entered: 14, heldOut: 1, sent: 9, waited: 2, blocked: 4, goal: 3, exited: 0, finished: 11 },
    days: [{ day: '2026-11-20', entered: 14, heldOut: 1, sent: 9, blocked: 4, goal: 3 }],
    blocked: [{ because: because('block.cap_week', { count: 3, limit: 3 }), count: 4 }],
    waited: [],
    kept: [],
    steps: [{ stepId: 'send', arm: null, count: 13 }],
    collisions: [
      { kind: 'rule', id: 'r9', name: '召回', priority: 40, customers: 5, lost: 0, wins: 'this' },
      { kind: 'broadcast', id: 'bc1', name: '周年庆', priority: 70, customers: 3, lost: 2, wins: 'other' },
    ],
    examples: [
      {
        customerId: 'cu1',
        customer: '林晓雯',
        lines: [
          line('entered'),
          line('waiting', { stepId: 'wait' }),
          line('sent', { stepId: 'send', text: '晓雯，谢谢', rep: '李娜' }),
          line('left', { outcome: 'goal' }),
        ],
      },
    ],
    ...over,
  }) // prettier-ignore

const draft = ref<(RuleInput & { id?: string }) | null>(rule)
const missing = ref<string[]>([])
const context = {
  directory: () => emptyDirectory,
  names: () => namesOf(emptyDirectory, 'zh'),
  limits: () => undefined,
  problemAt: () => '',
  problemsOf: () => [],
  gapsOf: () => [],
  failed: () => undefined,
}
/** The page of the rule around a part of it. */
const within = (part: () => ReturnType<typeof h>) => ({
  setup: () => {
    provide(ruleContextKey, context)
    return part
  },
})
const open = (table: Record<string, Answer | (() => Answer)>) =>
  mountIn(
    within(() => h(BacktestPane, { input: () => draft.value, missing: missing.value })),
    {},
    { 'GET /api/session': { body: buildMe({ timezone: 'America/New_York' }) }, ...table },
  )

beforeEach(() => {
  vi.useFakeTimers()
  draft.value = rule
  missing.value = []
})
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

describe('a backtest on the page of a rule', () => {
  it('asks for the draft as it stands, shows how far it is, and what it found in the end', async () => {
    const answers = [
      buildBacktest({ state: 'running', checked: 120 }),
      buildBacktest({ state: 'running', checked: 300 }),
      buildBacktest(),
    ]
    const next = () => ({ body: answers.length > 1 ? answers.shift() : answers[0] })
    const { wrapper, asked } = await open({ 'POST /api/rules/backtests': next, 'GET /api/rules/backtests/bt1': next })
    await wrapper.get('[role=radio]:nth-child(3)').trigger('click')
    await wrapper.get('[data-testid=backtest-begin]').trigger('click')
    await flushPromises()
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ rule, days: 180, sample: 2000 })
    expect(wrapper.get('[data-testid=backtest-progress]').text()).toContain('已重演 120 / 486 位')
    await vi.advanceTimersByTimeAsync(1500)
    await flushPromises()
    expect(wrapper.get('[data-testid=backtest-progress]').text()).toContain('300 / 486')
    await vi.advanceTimersByTimeAsync(1500)
    await flushPromises()
    expect(wrapper.find('[data-testid=backtest-progress]').exists()).toBe(false)
    expect(wrapper.get('[data-testid=backtest-entered]').text()).toBe('14')
    expect(wrapper.get('[data-testid=backtest-sent]').text()).toBe('9')
    expect(wrapper.text()).toContain('近 7 天已收到 3 条（上限 3）')
    expect(wrapper.text()).toContain('重演了全部 486 位客户')
    // Over: nobody asks again.
    const before = asked.length
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toHaveLength(before)
  })

  it('names the rules and the mass messages it would meet, each with its page, and who goes first', async () => {
    const { wrapper } = await open({ 'POST /api/rules/backtests': { body: buildBacktest() } })
    await wrapper.get('[data-testid=backtest-begin]').trigger('click')
    await flushPromises()
    const met = wrapper.get('[data-testid=backtest-collisions]')
    expect(met.findAll('a').map((link) => [link.text(), link.attributes('href')?.replace(/^.*#/, '')])).toEqual([
      ['召回', expect.stringMatching(/\/rules\/r9$/)],
      ['周年庆', expect.stringMatching(/\/broadcasts\/bc1$/)],
    ])
    expect(met.text()).toContain('按优先级这条先发')
    expect(met.text()).toContain('按优先级对方先发 · 其中 2 位因此没有位置')
  })

  it('has a bar for every day of the company, with what would have been on it', async () => {
    const { wrapper } = await open({ 'POST /api/rules/backtests': { body: buildBacktest() } })
    await wrapper.get('[data-testid=backtest-begin]').trigger('click')
    await flushPromises()
    // The 19th to the 22nd there; the 23rd has not begun.
    const titles = wrapper.findAll('figure title').map((title) => title.text())
    expect(titles).toHaveLength(4)
    expect(titles[1]).toBe('11 月 20 日：进入 14，会发出 9，挡下 4，达成目标 3')
    expect(titles[0]).toContain('11 月 19 日：进入 0')
  })

  it('shows the way of an example when it is opened, with the message as they would get it', async () => {
    const { wrapper } = await open({ 'POST /api/rules/backtests': { body: buildBacktest() } })
    await wrapper.get('[data-testid=backtest-begin]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-testid=way]').exists()).toBe(false)
    const example = wrapper.get('[data-testid=backtest-example]')
    await example.trigger('click')
    expect(example.attributes('aria-expanded')).toBe('true')
    const lines = wrapper.findAll('[data-testid=way] li')
    expect(lines.map((one) => one.get('b').text())).toEqual(['进入', '等 1 天', '会发出', '达成目标，离开'])
    expect(lines[2]?.text()).toContain('晓雯，谢谢')
    expect(lines[2]?.text()).toContain('李娜')
    await example.trigger('click')
    expect(wrapper.find('[data-testid=way]').exists()).toBe(false)
  })

  it('stops when told to, and says what it had looked at', async () => {
    const { wrapper, asked } = await open({
      'POST /api/rules/backtests': { body: buildBacktest({ state: 'running', checked: 40 }) },
      'POST /api/rules/backtests/bt1/cancel': { body: buildBacktest({ state: 'cancelled', checked: 80 }) },
    })
    await wrapper.get('[data-testid=backtest-begin]').trigger('click')
    await flushPromises()
    await wrapper.get('[data-testid=backtest-cancel]').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toMatchObject({ method: 'POST', path: '/api/rules/backtests/bt1/cancel' })
    expect(wrapper.text()).toContain('已停下，只看了 80 / 486 位')
    expect(wrapper.find('[data-testid=backtest-cancel]').exists()).toBe(false)
  })

  it('says that its figures are estimates of a sample, of the customers one may see, of a draft that has changed since', async () => {
    const { wrapper } = await open({
      'POST /api/rules/backtests': {
        body: buildBacktest({ checked: 100, wanted: 100, total: 9000, scale: 90, limited: true }),
      },
    })
    await wrapper.get('[data-testid=backtest-begin]').trigger('click')
    await flushPromises()
    expect(wrapper.text()).toContain('按抽样的 100 位推算到全部 9,000 位')
    expect(wrapper.text()).toContain('只算了你能看到的客户。')
    expect(wrapper.text()).not.toContain('草稿在这之后改过')
    draft.value = { ...rule, name: '别的' }
    await flushPromises()
    expect(wrapper.text()).toContain('草稿在这之后改过')
  })

  it('tells what went wrong and tries again', async () => {
    let answer: Answer = failed(500, 'internal')
    const { wrapper } = await open({ 'POST /api/rules/backtests': () => answer })
    await wrapper.get('[data-testid=backtest-begin]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    answer = { body: buildBacktest({ counts: { ...buildBacktest().counts, entered: 0, heldOut: 0 } }) }
    await wrapper.get('[role=alert] button').trigger('click')
    await flushPromises()
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
    expect(wrapper.text()).toContain('这段时间里没有人会进入')
  })

  it('asks for nothing while something is missing, or where people put customers in', async () => {
    missing.value = ['没有内容']
    const { wrapper, asked } = await open({})
    expect(wrapper.text()).toContain('没有内容')
    expect(wrapper.find('[data-testid=backtest-begin]').exists()).toBe(false)
    missing.value = []
    draft.value = { ...rule, trigger: { type: 'manual' } }
    await flushPromises()
    expect(wrapper.text()).toContain('回测不会有人进入')
    expect(wrapper.find('[data-testid=backtest-begin]').exists()).toBe(false)
    expect(asked.filter(({ path }) => path.includes('backtests'))).toEqual([])
  })
})

describe('one customer step by step', () => {
  const trial = (over: object = {}): RuleTrial =>
    RuleTrial.parse({
      at: '2026-11-23T04:00:00.000Z',
      customerId: 'cu1',
      customer: '林晓雯',
      tier: 'A',
      met: false,
      because: [because('rule.stage_not', { value: 'new' })],
      lines: [
        line('entered'),
        line('blocked', { stepId: 'send', because: [because('block.cap_week', { count: 3, limit: 3 })] }),
      ],
      ...over,
    })
  const lead = (table: Record<string, Answer>) =>
    mountIn(
      within(() => h(TryWay, { customerId: 'cu1', draft: { ...rule, id: buildRule().id } })),
      {},
      table,
    )

  it('is led through the draft, and told why they would not come in today', async () => {
    const { wrapper, asked } = await lead({ 'POST /api/rules/try': { body: trial() } })
    await flushPromises()
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ rule, customerId: 'cu1', id: 'r1' })
    expect(wrapper.text()).toContain('今天不会进入；如果进入，会这样走')
    // How they come in is said above.
    expect(wrapper.findAll('[data-testid=way] li').map((one) => one.attributes('data-kind'))).toEqual(['blocked'])
    expect(wrapper.text()).toContain('近 7 天已收到 3 条（上限 3）')
  })

  it('says so when they would, and what failed', async () => {
    const { wrapper } = await lead({ 'POST /api/rules/try': { body: trial({ met: true, because: [] }) } })
    await flushPromises()
    expect(wrapper.text()).toContain('今天会进入')
    const broken = await lead({ 'POST /api/rules/try': failed(403, 'policy.not_your_customer') })
    await flushPromises()
    expect(broken.wrapper.find('[role=alert]').exists()).toBe(true)
  })
})
