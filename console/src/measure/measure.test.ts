import { flushPromises } from '@vue/test-utils'
import type { Comparison, Measured } from '@zhiyin/shared/measure'
import { because } from '@zhiyin/shared/because'
import { afterEach, describe, expect, it } from 'vitest'
import { buildRule } from '../testing/fixtures.ts'
import { mountIn } from '../testing/mount.ts'
import MeasurePage from './MeasurePage.vue'
import { liftText, reachOf, shareText } from './figures.ts'
import RuleMeasured from './RuleMeasured.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const comparison = (over: Partial<Comparison> = {}): Comparison => ({
  kind: 'rule',
  stepId: null,
  goal: { on: 'ordered', withinDays: 14 },
  days: 14,
  base: 'holdout',
  arms: [
    {
      arm: 'treated',
      name: null,
      customers: 800,
      open: 12,
      met: 84,
      rate: { at: 0.105, within: { low: 0.0857, high: 0.128 } },
      buyers: 84,
      spent: 840_000,
      mean: 1050,
    },
    {
      arm: 'holdout',
      name: null,
      customers: 200,
      open: 0,
      met: 20,
      rate: { at: 0.1, within: { low: 0.066, high: 0.149 } },
      buyers: 20,
      spent: 200_000,
      mean: 1000,
    },
  ],
  lifts: [
    {
      arm: 'treated',
      verdict: 'not_yet',
      words: [because('measure.not_yet', { missing: 420 })],
      points: { at: 0.005, within: { low: -0.05, high: 0.04 } },
      relative: { at: 0.05, within: { low: -0.32, high: 0.66 } },
      chance: 0.8,
      money: null,
      moneyRelative: null,
      moneyChance: null,
      needed: { base: 620, arm: 800 },
      missing: 420,
      findable: 0.74,
    },
  ],
  cap: 50_000,
  ...over,
})
const measured = (over: Partial<Measured> = {}): Measured => ({
  ruleId: 'r1',
  rule: '召回',
  version: 3,
  lift: 0.2,
  comparisons: [comparison()],
  spans: [
    { from: 3, to: 3, entries: 1012 },
    { from: 1, to: 2, entries: 40 },
  ],
  ...over,
})

describe('what a rule brought about', () => {
  it('says in words what may be concluded, draws the lift, and shows how much of the sample is there', async () => {
    const { wrapper } = await mountIn(
      RuleMeasured,
      { rule: buildRule() },
      { 'GET /api/measure/rules/r1': { body: measured() } },
    )
    await flushPromises()
    const lift = wrapper.get('[data-testid=lift]')
    expect(lift.attributes('data-verdict')).toBe('not_yet')
    expect(lift.text()).toContain('触达 对比 对照')
    expect(lift.text()).toContain('还看不出差别：还需约 420 人')
    expect(lift.get('[role=img]').attributes('aria-label')).toBe('提升 +5%，95% 区间 −32% 到 +66%')
    expect(lift.findAll('progress').map((one) => Number(one.attributes('value')).toFixed(2))).toEqual(['1.00', '0.32'])
    const [treated] = wrapper.findAll('[data-testid=arm]')
    expect(treated?.text()).toContain('还在观察期 12 人')
    expect(treated?.text()).toContain('¥10.50')
    expect(wrapper.get('[data-testid=exposures-csv]').attributes('href')).toBe(
      '/api/measure/rules/r1/exposures.csv?lang=zh',
    )
  })

  it('asks again for another lift and for former settings', async () => {
    const { wrapper, asked } = await mountIn(
      RuleMeasured,
      { rule: buildRule() },
      { 'GET /api/measure/rules/r1': { body: measured() } },
    )
    await flushPromises()
    await wrapper.findAll('[role=radio]')[2]?.trigger('click')
    await wrapper.get('[data-testid=measure-version]').setValue('2')
    await flushPromises()
    const last = new URL(asked.at(-1)?.path ?? '', 'http://console')
    expect(last.pathname).toBe('/api/measure/rules/r1')
    expect(Object.fromEntries(last.searchParams)).toEqual({ lift: '0.5', version: '2' })
  })

  it('names the arms of a split, and says when nobody has come in', async () => {
    const arms = comparison().arms.map((one, index) => ({
      ...one,
      arm: `arm${index}`,
      name: index === 0 ? '短文案' : '',
    }))
    const [lift] = comparison().lifts
    const split = comparison({
      kind: 'split',
      stepId: 's1',
      base: 'arm0',
      arms,
      lifts: lift === undefined ? [] : [{ ...lift, arm: 'arm1' }],
    })
    const { wrapper } = await mountIn(
      RuleMeasured,
      { rule: buildRule() },
      { 'GET /api/measure/rules/r1': { body: measured({ comparisons: [comparison(), split] }) } },
    )
    await flushPromises()
    expect(wrapper.findAll('[data-testid=lift]')[1]?.text()).toContain('第 2 组 对比 短文案')
    const empty = await mountIn(
      RuleMeasured,
      { rule: buildRule() },
      { 'GET /api/measure/rules/r1': { body: measured({ spans: [] }) } },
    )
    await flushPromises()
    expect(empty.wrapper.text()).toContain('还没有人进入')
  })
})

describe('the page of all rules', () => {
  it('lists each with its conclusion, and offers the global holdout', async () => {
    const { wrapper } = await mountIn(
      MeasurePage,
      {},
      {
        'GET /api/measure/rules': {
          body: { items: [{ ruleId: 'r1', rule: '召回', status: 'on', comparison: comparison() }], next: null },
        },
        'GET /api/measure/holdout': { body: { season: null, comparison: null, former: [] } },
      },
      '/measure',
    )
    await flushPromises()
    expect(wrapper.get('[data-testid=rule-lift]').text()).toContain('还看不出差别：还需约 420 人')
    expect(wrapper.get('[data-testid=rule-lift]').text()).toContain('800 / 200')
    expect(wrapper.get('[data-testid=holdout]').text()).toContain('没有开启')
    expect(wrapper.find('[data-testid=holdout-change]').exists()).toBe(false)
    expect(wrapper.get('[data-testid=holdout-begin]').text()).toBe('开始')
  })
})

it('writes shares and lifts short, and draws wide intervals without flattening the rest', () => {
  expect([shareText(0.123), shareText(0.0123), shareText(0)]).toEqual(['12%', '1.2%', '0%'])
  expect([liftText(0.25), liftText(-0.032), liftText(0)]).toEqual(['+25%', '−3.2%', '0%'])
  expect(reachOf([{ at: 0, within: { low: -0.01, high: 0.02 } }])).toBeCloseTo(0.275)
  expect(reachOf([{ at: 9, within: { low: -1, high: null } }])).toBeCloseTo(1.1)
  expect(reachOf([{ at: 9, within: { low: -1, high: 99 } }])).toBe(2)
})
