import type { Asset } from '@zhiyin/shared/api/media'
import type { Attachment } from '@zhiyin/shared/content'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { at } from '../testing/fixtures.ts'
import { mountIn } from '../testing/mount.ts'
import AttachmentList from './AttachmentList.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const asset = (over: Partial<Asset> = {}): Asset => ({
  id: 'ast_1',
  kind: 'image',
  name: '会员卡.png',
  folder: '',
  mime: 'image/png',
  size: 2048,
  seconds: null,
  createdAt: at,
  createdBy: '王敏',
  readyUntil: null,
  problem: null,
  ...over,
})

const setUp = async (start: Attachment[], assets: Asset[]) => {
  const list = ref<Attachment[]>(start)
  const Host = defineComponent(
    () => () =>
      h(AttachmentList, {
        disabled: false,
        modelValue: list.value,
        'onUpdate:modelValue': (next: Attachment[]) => (list.value = next),
      }),
  )
  const mounted = await mountIn(Host, {}, { 'GET /api/media': { body: { items: assets, next: null } } })
  const click = async (selector: string) => {
    document.querySelector<HTMLElement>(selector)?.click()
    await flushPromises()
  }
  return { ...mounted, list, click }
}

it('puts a file of the library into each kind of attachment', async () => {
  const { list, click, asked } = await setUp([], [asset()])
  for (const kind of ['image', 'miniprogram', 'file']) {
    await click(`[data-testid="attach-${kind}"]`)
    await click('[data-testid="media-tile"] .face')
  }
  await click('[data-testid="attach-link"]')
  const file = { assetId: 'ast_1', name: '会员卡.png' }
  expect(list.value).toEqual([
    { type: 'image', ...file },
    { type: 'miniprogram', title: '', appid: '', page: '', ...file },
    { type: 'file', ...file },
    { type: 'link', title: '', url: 'https://' },
  ])
  expect(asked.filter(({ path }) => path.startsWith('/api/media?')).map(({ path }) => path)).toEqual([
    '/api/media?kind=image&limit=24',
    '/api/media?kind=image&limit=24',
    '/api/media?kind=file&limit=24',
  ])
})

it('takes one off, and offers no tenth', async () => {
  const link = { type: 'link', title: '店', url: 'https://example.com/' } as const
  const { list, click, wrapper } = await setUp(
    Array.from({ length: 9 }, () => link),
    [],
  )
  expect(wrapper.find('[data-testid="attach-link"]').exists()).toBe(false)
  await click('[data-testid="attachment"] .link')
  expect(list.value).toHaveLength(8)
  expect(wrapper.find('[data-testid="attach-link"]').exists()).toBe(true)
})
