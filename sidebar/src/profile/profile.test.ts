import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import type { LayerValue } from '@zhiyin/shared/customer'
import { ago, buildProfile, buildValue, day } from '../testing/build.ts'
import { Refusal, type FakeServer } from '../testing/fakeServer.ts'
import { fullServer, mountApp } from '../testing/mountApp.ts'

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim()
let mounted: Awaited<ReturnType<typeof mountApp>> | null = null

const withValues = (values: LayerValue[], api: FakeServer = fullServer()): FakeServer => {
  const profile = buildProfile({ layers: [{ layer: 'basic', values }] })
  api.on('GET /api/customers/external/wm1', () => profile)
  api.on('GET /api/customers/c1', () => profile)
  return api
}
const open = async (api: FakeServer) => {
  mounted = await mountApp(api)
  const { find } = mounted
  const write = async (text: string): Promise<void> => {
    const field = find('value-entry')
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) throw new Error('no input')
    field.value = text
    field.dispatchEvent(new Event('input'))
    await flushPromises()
  }
  const save = async (): Promise<void> => {
    find('value-save')
      .closest('form')
      ?.dispatchEvent(new Event('submit', { cancelable: true }))
    await flushPromises()
  }
  const put = (key: string): unknown =>
    api.asked.find(({ path }) => path === `/api/customers/c1/attributes/${key}`)?.body
  return { ...mounted, write, save, put }
}

afterEach(() => {
  mounted?.page.unmount()
  mounted = null
  document.body.innerHTML = ''
})

describe('a value of the profile', () => {
  it('says where it comes from and what others say; another one’s word is taken with one press', async () => {
    const api = withValues([
      buildValue({
        editable: true,
        source: 'ingest',
        stated: false,
        confidence: 0.8,
        others: [{ value: '杭州', source: 'order', seenAt: ago(3 * day) }],
      }),
    ])
    api.on('PUT /api/customers/c1/attributes/city', () =>
      buildProfile({ layers: [{ layer: 'basic', values: [buildValue({ value: '杭州' })] }] }),
    )
    const { find, press, put } = await open(api)
    await press('open-city')
    const facts = textOf(find('value-facts'))
    for (const text of ['上海', '数据接入', '80%（系统推测）', '杭州', '商城订单']) expect(facts).toContain(text)
    await press('value-use')
    expect(put('city')).toEqual({ value: '杭州' })
    expect(textOf(find('value-city'))).toContain('杭州')
    expect(textOf(find('notice'))).toBe('「城市」已保存')
  })

  it('takes back what a rep stated', async () => {
    const api = withValues([buildValue({ editable: true, by: '王敏' })])
    api.on('DELETE /api/customers/c1/attributes/city', () => buildProfile({ layers: [] }))
    const { find, all, press } = await open(api)
    await press('open-city')
    expect(textOf(find('value-facts'))).toContain('王敏')
    await press('value-undo')
    expect(all('value-city')).toHaveLength(0)
    expect(all('fill-city')).toHaveLength(1)
  })

  it('keeps what was written when the server refuses it, and says why', async () => {
    const api = withValues([buildValue({ editable: true })])
    api.on('PUT /api/customers/c1/attributes/city', () => {
      throw new Refusal(400, 'attribute.value')
    })
    const { find, press, write, save } = await open(api)
    await press('open-city')
    await write('北京')
    await save()
    expect(find('value-sheet').querySelector('[role=alert]')?.textContent).not.toBe('')
    expect(find('value-entry')).toHaveProperty('value', '北京')
  })

  it.each([
    ['budget', '1,200.5', { value: 120_050 }],
    ['wishes', '精华、眼霜', { value: ['精华', '眼霜'] }],
    ['birthday', '1994-08-12', { value: '1994-08-12' }],
  ])('fills in %s by its own input', async (key, text, body) => {
    const api = withValues([])
    api.on(`PUT /api/customers/c1/attributes/${key}`, () => buildProfile())
    const { press, write, save, put } = await open(api)
    await press(`fill-${key}`)
    await write(text)
    await save()
    expect(put(key)).toEqual(body)
  })

  it('chooses among the choices, and sends nothing that is none of the type', async () => {
    const api = withValues([])
    api.on('PUT /api/customers/c1/attributes/skin', () => buildProfile())
    const { find, press, write, save, put } = await open(api)
    await press('fill-budget')
    await write('十元')
    expect(find('value-save')).toHaveProperty('disabled', true)
    expect(textOf(find('value-sheet'))).toContain('请填写金额')
    await press('sheet-close')
    await press('fill-skin')
    await press('value-option-油性')
    await save()
    expect(put('skin')).toEqual({ value: '油性' })
  })

  it('says what a computed value is made of, and that it cannot be corrected', async () => {
    const value = buildValue({
      key: 'orders_90d',
      name: '近期下单',
      value: 3,
      kind: 'number',
      source: 'computed',
      stated: false,
      editable: false,
    })
    const { find, all, press } = await open(withValues([value]))
    await press('open-orders_90d')
    expect(textOf(find('value-origin'))).toBe('近 90 天「下单」的次数')
    expect(all('value-save')).toHaveLength(0)
    expect(textOf(find('value-sheet'))).toContain('由系统记录')
  })

  it('opens a masked value empty', async () => {
    const { find, press } = await open(withValues([buildValue({ key: 'phone', value: '138****8000', editable: true })]))
    await press('open-phone')
    expect(find('value-entry')).toHaveProperty('value', '')
    expect(find('value-entry')).toHaveProperty('placeholder', '已部分隐藏，更正请写完整')
  })
})
