import type { ContentInput } from '@zhiyin/shared/content'
import { builtInVariables } from '@zhiyin/shared/variable'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { at, buildContent } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import ContentEditor from './ContentEditor.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const start: ContentInput = {
  name: '召回',
  folder: '',
  body: { text: '好久不见', attachments: [] },
  variants: [],
  couponId: null,
  expiresAt: null,
}

const setUp = async (answers: Parameters<typeof mountIn>[2] = {}, from = start) => {
  const city = { path: 'customer.city', name: '城市', nameEn: 'city', type: 'text', layer: 'basic', fallback: null }
  const mounted = await mountIn(
    ContentEditor,
    { id: 'c1', start: from },
    {
      'GET /api/content-variables': { body: { items: [...builtInVariables, { ...city, sample: '杭州' }] } },
      'GET /api/contents': { body: { items: [buildContent({ folder: '促销' })], settings: { approval: false } } },
      'GET /api/segments': { body: { items: [], freshness: { asOf: at, overdue: 0, building: null } } },
      'GET /api/coupons': { body: { items: [] } },
      'POST /api/contents/preview': { body: { texts: [{ text: '好', bytes: 3 }], fallbacks: [] } },
      'PUT /api/contents/c1': { body: buildContent({ id: 'c1', version: 2 }) },
      ...answers,
    },
  )
  await flushPromises()
  const click = async (selector: string) => {
    document.querySelector<HTMLElement>(selector)?.click()
    await flushPromises()
  }
  const area = () => {
    const found = document.querySelector<HTMLTextAreaElement>('[data-testid="content-text"]')
    if (found === null) throw new Error('no text')
    return found
  }
  const write = async (text: string) => {
    area().value = text
    area().dispatchEvent(new Event('input'))
    await flushPromises()
  }
  const saveButton = () => document.querySelector<HTMLButtonElement>('[data-testid="content-save"]')
  return { ...mounted, click, area, write, saveButton }
}

it('writes a version for a tier and a stage, and saves the list in its order', async () => {
  const { click, write, asked, saveButton } = await setUp()
  await click('[data-testid="variant-add"]')
  expect(document.querySelector('[data-testid="aimless"]')).not.toBeNull()
  expect(saveButton()?.disabled).toBe(true)
  await click('[data-testid="variant-for"] .toggles:nth-of-type(1) button')
  await click('[data-testid="variant-for"] .toggles:nth-of-type(2) button:nth-of-type(5)')
  await write('贵宾好久不见')
  await click('[data-testid="content-save"]')
  const saved = asked.find(({ method }) => method === 'PUT')
  expect(saved?.body).toEqual({
    ...start,
    variants: [{ when: { tiers: ['A'], stages: ['silent'] }, body: { text: '贵宾好久不见', attachments: [] } }],
  })
})

it('counts bytes while typing, and saves nothing WeCom would refuse', async () => {
  const { write, saveButton } = await setUp()
  await write('重'.repeat(1333))
  expect(document.querySelector('[data-testid="content-bytes"]')?.textContent).toContain('3,999 / 4,000')
  expect(document.querySelector('[data-testid="content-bytes"]')?.textContent).toContain('2 条')
  expect(saveButton()?.disabled).toBe(false)
  await write('重'.repeat(1340))
  expect(document.querySelector('[data-testid="content-bytes"]')?.textContent).toContain('7 个字')
  expect(saveButton()?.disabled).toBe(true)
})

it('puts a variable in where the cursor is, its fallback selected to be written over', async () => {
  const { area, click } = await setUp()
  area().setSelectionRange(2, 2)
  await click('[data-testid="variable-menu"]')
  const item = '[data-testid="variable-customer.city"]'
  await vi.waitFor(() => expect(document.querySelector(item)).not.toBeNull(), 10_000)
  await click(item)
  expect(area().value).toBe('好久{{ customer.city | default: "您那边" }}不见')
  expect(area().value.slice(area().selectionStart, area().selectionEnd)).toBe('您那边')
})

it('says what the server refuses', async () => {
  const { write, click } = await setUp({ 'PUT /api/contents/c1': failed(422, 'content.sensitive') })
  await write('{{ customer.id_card }}')
  await click('[data-testid="content-save"]')
  expect(document.querySelector('.failed')?.textContent).toContain('敏感信息')
})

it('takes attachments without words, and nothing at all not', async () => {
  const picture = { type: 'image' as const, picUrl: 'https://a.example/p.png' }
  const { write, click, asked, saveButton } = await setUp(
    {},
    { ...start, body: { ...start.body, attachments: [picture] } },
  )
  await write('')
  expect(saveButton()?.disabled).toBe(false)
  await click('[data-testid="content-save"]')
  expect(asked.find(({ method }) => method === 'PUT')?.body).toMatchObject({
    body: { text: '', attachments: [picture] },
  })
  document.body.innerHTML = ''
  const bare = await setUp()
  await bare.write(' ')
  expect(bare.saveButton()?.disabled).toBe(true)
})
