import { flushPromises } from '@vue/test-utils'
import { because } from '@zhiyin/shared/because'
import type { CustomerProfile, LayerValue, CustomerTag } from '@zhiyin/shared/customer'
import { afterEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import CustomerLevels from './CustomerLevels.vue'
import CustomerTagRow from './CustomerTagRow.vue'
import LayerValueRow from './LayerValueRow.vue'

afterEach(() => {
  document.body.innerHTML = ''
})
const page = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ')
const press = async (testId: string): Promise<void> => {
  const found = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)
  if (found === null) throw new Error(`${testId} is not on the page`)
  found.click()
  await flushPromises()
}

const levels: CustomerProfile['levels'] = [
  {
    schemeId: 'value',
    scheme: '消费金额',
    primary: true,
    level: '成长',
    tier: 'B',
    since: at,
    because: [
      because('tier.value_spend', { window: 365, amount: 50_000 }),
      because('tier.next', { amount: 150_000, to: 'VIP' }),
    ],
  },
]

it('tells the level of every scheme with what is next; the history when asked, again after a failure', async () => {
  let fails = true
  const { asked } = await mountIn(
    CustomerLevels,
    { customer: { id: 'c1', levels } },
    {
      'GET /api/customers/c1/levels': () =>
        fails
          ? failed(503, 'storage.unavailable')
          : { body: { items: [{ ...levels[0], history: [{ at, from: '普通', to: '成长', because: [] }] }] } },
    },
  )
  for (const text of ['消费金额', '成长', '近 365 天消费 ¥500', '再消费 ¥1,500 可升到 VIP'])
    expect(page()).toContain(text)
  expect(asked.filter(({ path }) => path.endsWith('/levels'))).toHaveLength(0)
  await press('level-history')
  expect(document.querySelector('[role=alert]')).not.toBeNull()
  fails = false
  await press('level-history')
  expect(page()).toContain('普通 → 成长')
})

it('removes a rule’s tag only after saying that the rule will not put it back', async () => {
  let removed = 0
  const tag: CustomerTag = {
    id: 't1',
    name: '高频',
    group: '购买',
    source: 'rule',
    since: at,
    because: [because('tag.by_tag_rule', { rule: '90 天 3 单' })],
  }
  await mountIn({ render: () => h(CustomerTagRow, { tag, onRemove: () => removed++ }) }, {})
  expect(page()).toContain('由标签规则「90 天 3 单」打上')
  await press('tag-off')
  expect(removed).toBe(0)
  await vi.waitFor(() => expect(page()).toContain('规则不会再打上'), 10_000)
  await press('tag-off-sure')
  expect(removed).toBe(1)
})

const value: LayerValue = {
  key: 'city',
  value: '上海',
  kind: 'text',
  source: 'ingest',
  seenAt: at,
  confidence: 0.8,
  stated: false,
  others: [{ value: '杭州', source: 'order', seenAt: at }],
}
const field = { key: 'city', layer: 'basic', kind: 'text', choices: [], editable: true, computation: null, value }

it('takes the word of another source with one press, and says why when it is refused', async () => {
  const { asked } = await mountIn(
    LayerValueRow,
    { value, field, customerId: 'c1' },
    {
      'PUT /api/customers/c1/attributes/city': failed(400, 'attribute.value'),
    },
  )
  expect(page()).toContain('把握 80%')
  expect(page()).toContain('商城订单 说法不同： 杭州')
  await press('value-use')
  expect(asked.find(({ method }) => method === 'PUT')?.body).toEqual({ value: '杭州' })
  expect(document.querySelector('[role=alert]')?.textContent).not.toBe('')
})

it('never writes a masked value back: the form is empty and says so, and no source’s masked word is taken over', async () => {
  const masked: LayerValue = {
    ...value,
    key: 'phone',
    value: '138****8000',
    others: [{ value: '139****9000', source: 'rep', seenAt: at }],
  }
  const { asked } = await mountIn(
    LayerValueRow,
    { value: masked, field: { ...field, key: 'phone', value: masked }, customerId: 'c1' },
    { 'PUT /api/customers/c1/attributes/phone': failed(400, 'attribute.value') },
  )
  expect(document.querySelector('[data-testid=value-use]')).toBeNull()
  await press('value-phone')
  const input = await vi.waitFor(() => {
    const found = document.querySelector('[data-testid=value-text]')
    const inner = found instanceof HTMLInputElement ? found : found?.querySelector('input')
    if (!(inner instanceof HTMLInputElement)) throw new Error('no input')
    return inner
  }, 10_000)
  expect([input.value, input.placeholder]).toEqual(['', '已部分隐藏，更正请写完整'])
  const save = document.querySelector('[data-testid=value-save]')
  expect(save).toHaveProperty('disabled', true)
  input.value = '13800138000'
  input.dispatchEvent(new Event('input'))
  await flushPromises()
  document.querySelector('form[data-testid=value-edit]')?.dispatchEvent(new Event('submit'))
  await flushPromises()
  expect(asked.filter(({ method }) => method === 'PUT').map(({ body }) => body)).toEqual([{ value: '13800138000' }])
})

it('says how far a computed value is exact', async () => {
  const some = { ...value, key: 'opened', value: 500, kind: 'number', source: 'computed', others: [], newest: 500 }
  await mountIn(LayerValueRow, { value: some, field: { ...field, editable: false }, customerId: 'c1' })
  expect(page()).toContain('只按最近 500 次算')
})

it('says what a computed value is worked out from, and offers no correction', async () => {
  const counted = { ...value, key: 'orders_90d', value: 3, kind: 'number', source: 'computed', others: [] }
  const computation = { type: 'count', of: { event: 'order.completed', where: [] }, windowDays: 90 }
  const shown = { ...field, editable: false, computation }
  await mountIn(LayerValueRow, { value: counted, field: shown, customerId: 'c1' })
  expect(document.querySelector('[data-testid="value-orders_90d"]')).toBeNull()
  await press('how-orders_90d')
  await vi.waitFor(() => expect(page()).toContain('近 90 天「下单」的次数'), 10_000)
})
