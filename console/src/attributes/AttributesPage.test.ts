import { attributes, type AttributeRow, type Quality } from '@zhiyin/shared/api/attributes'
import { layers } from '@zhiyin/shared/customer'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import AttributesPage from './AttributesPage.vue'

const row = (over: Partial<AttributeRow>): AttributeRow => ({
  key: 'city',
  name: '城市',
  nameEn: 'City',
  layer: 'basic',
  type: 'text',
  choices: [],
  sensitivity: 'open',
  sources: [],
  computation: null,
  builtIn: true,
  askable: true,
  editable: true,
  version: 0,
  backfill: null,
  updatedAt: null,
  updatedBy: null,
  ...over,
})
const orders = row({
  key: 'orders_30d',
  name: '近 30 天单数',
  layer: 'consumption',
  type: 'number',
  builtIn: false,
  version: 3,
  backfill: { done: 400, of: 1_000 },
  computation: { type: 'count', of: { event: 'order.completed', where: [] }, windowDays: 30 },
})
const fresh = { d30: 120, d90: 40, d365: 40, older: 0 }
const none = { known: 0, fresh: { d30: 0, d90: 0, d365: 0, older: 0 }, conflicts: 0, rejects: 0 }
const quality: Quality = {
  at,
  customers: 400,
  anonymous: 9_600,
  running: null,
  layers: layers.map((layer) =>
    layer === 'basic'
      ? { layer, known: 200, fresh, conflicts: 7, rejects: 2, coverage: 0.5 }
      : { layer, ...none, coverage: 0 },
  ),
  unknown: [],
  scoped: false,
  attributes: [{ key: 'city', known: 200, fresh, conflicts: 7, rejects: 2, stated: 9 }],
}
const table = {
  [`GET ${attributes.list.path}`]: { body: { items: [row({}), orders], working: { done: 120, of: 1_000 } } },
  [`GET ${attributes.quality.path}`]: { body: quality },
}

describe('the page of attributes', () => {
  it('shows each layer with coverage, freshness and conflicts, and the customers behind a conflict', async () => {
    const value = {
      key: 'city',
      value: '上海',
      kind: 'text',
      source: 'wecom',
      seenAt: at,
      confidence: 0.9,
      stated: false,
      others: [{ value: '杭州', source: 'ingest', seenAt: at }],
    }
    const found = { items: [{ customerId: 'cus_1', customer: '林晓雯', value }], next: null }
    const { wrapper, asked } = await mountIn(
      AttributesPage,
      {},
      {
        ...table,
        'GET /api/attributes/city/customers': { body: found },
      },
    )
    await flushPromises()
    const counted = wrapper.get('[data-testid=quality-at]').text()
    for (const part of ['统计了 400 位客户', '另有 9,600 位匿名访客']) expect(counted).toContain(part)
    const basic = wrapper.get('[data-testid=layer-basic]').text()
    for (const part of ['覆盖率50%', '30 天内更新60%', '冲突7', '不合格2', '城市', '50%']) expect(basic).toContain(part)
    expect(wrapper.get('[data-testid=layer-consumption]').text()).toContain('正在回看历史：400 / 1,000')
    await wrapper.get('[data-testid=layer-basic] .issue .warn').trigger('click')
    await flushPromises()
    const list = document.body.querySelector('[data-testid=issue-list]')?.textContent ?? ''
    for (const part of ['林晓雯', '上海', '杭州', '企业微信']) expect(list).toContain(part)
    expect(asked.at(-1)?.path).toContain('issue=conflicts')
    wrapper.unmount()
  })

  it('says how far the working out is, and defines with one press what systems send', async () => {
    const skin = {
      key: '肤质',
      customers: 1_203,
      type: 'choice',
      choices: ['干性', '油性'],
      layer: 'basic',
      definable: true,
    }
    const dotted = { ...skin, key: 'a.b', type: 'text', choices: [], definable: false }
    const { wrapper, asked } = await mountIn(
      AttributesPage,
      {},
      {
        ...table,
        [`GET ${attributes.quality.path}`]: { body: { ...quality, unknown: [skin, dotted] } },
        [`POST ${attributes.create.path}`]: { body: row({ key: '肤质' }) },
      },
    )
    await flushPromises()
    expect(wrapper.get('[data-testid=working]').text()).toContain('120 / 1,000')
    const [first, second] = wrapper.findAll('[data-testid=unknown-trait]')
    expect(first?.text()).toMatch(/肤质\s*1,203 位客户\s*像是单选\s*干性、油性/)
    expect(second?.text()).toContain('不能定义')
    await first?.get('[data-testid=define]').trigger('click')
    await flushPromises()
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({
      ...{ key: '肤质', name: '肤质', layer: 'basic', type: 'choice', choices: ['干性', '油性'] },
      ...{ sensitivity: 'open', sources: [], computation: null },
    })
    wrapper.unmount()
  })

  it('writes an attribute that is worked out, and says what the server refuses', async () => {
    const { wrapper, asked } = await mountIn(
      AttributesPage,
      {},
      {
        ...table,
        [`POST ${attributes.create.path}`]: failed(400, 'attribute.reserved'),
      },
    )
    await flushPromises()
    await wrapper.get('[data-testid=attribute-new]').trigger('click')
    await flushPromises()
    const field = (id: string): HTMLInputElement => {
      const found = document.body.querySelector(`[data-testid=${id}]`)
      const input = found instanceof HTMLInputElement ? found : found?.querySelector('input')
      if (!(input instanceof HTMLInputElement)) throw new Error(`no field ${id}`)
      return input
    }
    const type = (id: string, text: string): void => {
      field(id).value = text
      field(id).dispatchEvent(new Event('input'))
    }
    expect(document.body.textContent).toContain('还缺名称')
    type('attribute-name', '下单次数')
    type('attribute-key', 'order_count')
    field('attribute-computed').click()
    await flushPromises()
    document.body.querySelector('form#attribute')?.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({
      key: 'order_count',
      name: '下单次数',
      type: 'number',
      computation: { type: 'count', of: { event: 'order.completed', where: [] }, windowDays: 90 },
    })
    expect(document.body.querySelector('[data-testid=attribute-error]')?.textContent).toContain('是系统保留的键')
    wrapper.unmount()
  })
})
