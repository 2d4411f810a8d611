import type { Coupon } from '@zhiyin/shared/coupon'
import { playbookOf, trades } from '@zhiyin/shared/playbooks'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { at } from '../testing/fixtures.ts'
import { mountIn } from '../testing/mount.ts'
import PlaybooksPage from './PlaybooksPage.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const batch: Coupon = {
  ...{ id: 'cpn_1', name: '老客券', value: '满 300 减 60', expiresAt: null, lowAt: 0 },
  ...{ total: 9, left: 9, low: false, expired: false, createdAt: at, createdBy: '王敏' },
}
const open = async (coupons: readonly Coupon[]) => {
  const empty = { body: { items: [] } }
  const mounted = await mountIn(
    PlaybooksPage,
    {},
    {
      'GET /api/playbooks': { body: { items: trades.map((trade) => playbookOf(trade, 'zh', () => null)) } },
      'GET /api/coupons': { body: { items: coupons } },
      'GET /api/tags': empty,
      'GET /api/contents': { body: { items: [], settings: { approval: false } } },
      'GET /api/groups': empty,
      'GET /api/channels': empty,
      'GET /api/members': empty,
      'POST /api/playbooks/beauty/install': { body: { rules: [], contents: [], talkTracks: [] } },
    },
  )
  await flushPromises()
  const click = async (element: Element | null | undefined) => {
    if (!(element instanceof HTMLElement)) throw new Error('nothing to press')
    element.click()
    await flushPromises()
  }
  const find = (testId: string) => document.querySelector(`[data-testid="${testId}"]`)
  return { ...mounted, click, find }
}

it('offers the company’s batches of codes, shows the words with the code, and installs with the one chosen', async () => {
  const { click, find, asked, wrapper } = await open([batch])
  expect(wrapper.text()).not.toContain('‹券码›')
  await click(find('playbook-offer')?.querySelector('button'))
  const batchOf = () =>
    [...document.querySelectorAll('[role="option"]')].find((each) => each.textContent?.includes('老客券'))
  await vi.waitFor(() => expect(batchOf()).toBeDefined(), 10_000)
  await click(batchOf())
  expect(wrapper.text()).toContain('‹券码›')
  await click(find('playbook-install'))
  expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({ couponId: 'cpn_1' })
})

it('says what to make first where there is no batch, and installs without codes', async () => {
  const { click, find, asked } = await open([])
  expect(find('playbook-offer')?.textContent).toContain('先新建一批')
  expect(find('playbook-offer')?.querySelector('a')?.getAttribute('href')).toContain('/coupons')
  await click(find('playbook-install'))
  expect(asked.find(({ method }) => method === 'POST')?.body).not.toHaveProperty('couponId')
})
