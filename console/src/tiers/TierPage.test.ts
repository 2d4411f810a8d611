import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Distribution, Preview, SchemeRow } from '@zhiyin/shared/api/tiers'
import { failed, mountIn } from '../testing/mount.ts'
import TierPage from './TierPage.vue'

const at = '2026-06-01T02:00:00.000Z'
const row: SchemeRow = {
  scheme: {
    id: 's1',
    name: '消费力',
    levels: [
      { key: 'high', name: '高', tier: 'A' },
      { key: 'low', name: '低', tier: 'C' },
    ],
    how: { type: 'value', windowDays: 60, measure: 'spend', mode: 'fixed', limits: [50_000], shares: [0.2] },
    holdDays: 7,
  },
  primary: false,
  version: 3,
  worked: null,
  levels: [
    { key: 'high', customers: 12 },
    { key: 'low', customers: 88 },
  ],
  updatedAt: at,
  updatedBy: '王敏',
}
const histogram = { step: 10_000, counts: [5, 9, 4, 2, 1, 1, 1, 1], over: 2 }
const distribution: Distribution = {
  windowDays: 60,
  at,
  running: null,
  customers: 100,
  buyers: 26,
  measures: { days: histogram, orders: histogram, spend: histogram, average: histogram },
}
const preview = (moved: number): Preview => ({
  at,
  customers: 100,
  buyers: 26,
  levels: [
    { key: 'high', customers: 12 - moved },
    { key: 'low', customers: 88 + moved },
  ],
  cuts: null,
  moved,
})
const around = {
  'GET /api/segments/vocabulary': { body: { attributes: [], schemes: [], segments: [] } },
  'GET /api/tags': { body: { items: [] } },
  'GET /api/contents': { body: { items: [], settings: { approval: false } } },
  'GET /api/groups': { body: { items: [] } },
  'GET /api/channels': { body: { items: [], names: {} } },
  'GET /api/members': { body: { items: [], departments: [] } },
  'GET /api/tiers/distribution': { body: distribution },
  'GET /api/tiers/s1/reviews': { body: { items: [] } },
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }))
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})
const rest = async (ms = 0) => {
  await vi.advanceTimersByTimeAsync(ms)
  await flushPromises()
}
const seen = (id: string): HTMLElement => {
  const found = document.body.querySelector<HTMLElement>(`[data-testid="${id}"]`)
  if (found === null) throw new Error(`nothing is called ${id}`)
  return found
}

it('a limit moved on the chart is previewed, then saved over the version that was read', async () => {
  let moved = 0
  const { asked } = await mountIn(
    TierPage,
    { id: 's1' },
    {
      ...around,
      'GET /api/tiers/s1': { body: row },
      'POST /api/tiers/preview': () => ({ body: preview(moved) }),
      'PUT /api/tiers/s1': failed(409, 'conflict.changed'),
    },
  )
  await rest(400)
  expect(seen('tier-moved').textContent).toContain('0 人会换层级')
  moved = 4
  const limit = seen('tier-form').querySelector<HTMLElement>('[role="slider"]')
  expect(limit?.getAttribute('aria-valuetext')).toBe('¥500')
  for (let i = 0; i < 3; i += 1) {
    limit?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }))
    await flushPromises()
  }
  await rest(400)
  expect(limit?.getAttribute('aria-valuetext')).toBe('¥530')
  expect(seen('tier-moved').textContent).toContain('4 人会换层级')
  const body = asked.findLast(({ path }) => path === '/api/tiers/preview')?.body
  expect(body).toMatchObject({ id: 's1', scheme: { how: { limits: [53_000] } } })
  seen('tier-save').click()
  await rest(10)
  expect(asked.findLast(({ method }) => method === 'PUT')?.body).toMatchObject({
    version: 3,
    scheme: { name: '消费力', how: { limits: [53_000] } },
  })
  expect(seen('tier-error').textContent).toContain('别人刚刚改过')
})

it('says how long limits must be off before they are taken, since when they are, and what equal ones mean', async () => {
  const inForce = { type: 'value' as const, limits: [20_000, 20_000] }
  const worked = { computedAt: at, buyers: 26, cuts: inForce, inForce, adoptedAt: at, waitingSince: at }
  const levels = [...row.scheme.levels, { key: 'last', name: '末', tier: 'C' as const }]
  const how = { ...row.scheme.how, mode: 'quantile', limits: [50_000, 10_000], shares: [0.2, 0.5] }
  await mountIn(
    TierPage,
    { id: 's1' },
    {
      ...around,
      'GET /api/tiers/s1': { body: { ...row, worked, scheme: { ...row.scheme, levels, how, holdDays: 7 } } },
      'POST /api/tiers/preview': { body: { ...preview(0), cuts: inForce } },
    },
  )
  await rest(400)
  expect(seen('tier-form').textContent).toContain('连续 7 晚')
  expect(seen('tier-worked').textContent).toContain('连续 7 晚相差 10% 以上')
  expect(seen('tier-waiting').textContent).toContain('开始偏离')
  expect(seen('cuts-ties').textContent).toContain('最好的一档')
})

it('says what making it the primary scheme changes before it does', async () => {
  const { asked } = await mountIn(
    TierPage,
    { id: 's1' },
    {
      ...around,
      'GET /api/tiers/s1': { body: row },
      'POST /api/tiers/preview': { body: preview(0) },
      'POST /api/tiers/s1/primary': { body: { ...row, primary: true, version: 4 } },
    },
  )
  await rest(400)
  seen('tier-primary').click()
  await rest(50)
  expect(document.body.textContent).toContain('不会触发「层级变为…」的规则')
  expect(asked.some(({ path }) => path.endsWith('/primary'))).toBe(false)
  seen('primary-sure').click()
  await rest(50)
  expect(asked.some(({ path }) => path.endsWith('/primary'))).toBe(true)
})
