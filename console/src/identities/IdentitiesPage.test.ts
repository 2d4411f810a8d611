import type { CustomerMerge, IdentityReview, ReviewPerson } from '@zhiyin/shared/identity'
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import IdentitiesPage from './IdentitiesPage.vue'

const buildPerson = (id: string, over: Partial<ReviewPerson> = {}): ReviewPerson => ({
  id,
  name: `${id}名`,
  stage: { stage: 'new', since: at, because: [] },
  tier: { tier: 'C', level: 'C', since: at, because: [] },
  tags: [],
  reps: [],
  orders: 0,
  spend: 0,
  lastSeenAt: null,
  identities: [{ kind: 'user_id', value: id }],
  ...over,
})
const buildReview = (over: Partial<IdentityReview> = {}): IdentityReview => ({
  id: 'cus_1~cus_2',
  at,
  shared: [{ kind: 'phone', value: '+86138****5678' }],
  people: [buildPerson('cus_1'), buildPerson('cus_2', { orders: 3 })],
  keep: 'free',
  decided: null,
  ...over,
})
const merge: CustomerMerge = {
  id: 'mrg_1',
  into: { id: 'cus_1', name: '王敏' },
  from: { id: 'cus_3', name: '访客' },
  at,
  by: null,
  because: [{ code: 'merge.met', params: { kind: 'user_id', other: 'anonymous_id' } }],
  identities: [],
  note: '',
  state: 'joined',
  parted: null,
}
const page = (items: readonly unknown[]) => ({ body: { items, next: null } })
const open = async (reviews: IdentityReview[], over: Parameters<typeof mountIn>[2] = {}) => {
  const mounted = await mountIn(
    IdentitiesPage,
    {},
    {
      'GET /api/identities/reviews': page(reviews),
      'GET /api/identities/merges': page([merge]),
      'GET /api/identities/count': { body: { open: reviews.length } },
      'POST /api/identities/reviews/cus_1~cus_2': { body: { ok: true } },
      ...over,
    },
  )
  await flushPromises()
  return mounted
}
const posted = (asked: { method: string; path: string; body: unknown }[]) =>
  asked.filter(({ method }) => method === 'POST').map(({ path, body }) => ({ path, body }))
afterEach(() => {
  document.body.innerHTML = ''
})

describe('IdentitiesPage', () => {
  it('keeps the one with more orders unless somebody says otherwise', async () => {
    const { wrapper, asked } = await open([buildReview()])
    await wrapper.get('[data-testid=same]').trigger('click')
    await flushPromises()
    await wrapper.get('input[type=radio]').trigger('change')
    await wrapper.get('[data-testid=same]').trigger('click')
    await flushPromises()
    expect(posted(asked).map(({ body }) => body)).toEqual([
      { decision: 'same', keep: 'cus_2', note: '' },
      { decision: 'same', keep: 'cus_1', note: '' },
    ])
  })

  it('lets nobody choose where WeCom has, and offers no merge of two WeCom contacts', async () => {
    const forced = await open([buildReview({ keep: 'cus_1' })])
    expect(forced.wrapper.find('input[type=radio]').exists()).toBe(false)
    await forced.wrapper.get('[data-testid=same]').trigger('click')
    await flushPromises()
    expect(posted(forced.asked)).toMatchObject([{ body: { keep: 'cus_1' } }])
    const two = await open([buildReview({ keep: 'two' })])
    expect(two.wrapper.find('[data-testid=same]').exists()).toBe(false)
    expect(two.wrapper.text()).toContain('不能合并')
  })

  it('says why a decision was not taken, and keeps the pair', async () => {
    const { wrapper } = await open([buildReview()], {
      'POST /api/identities/reviews/cus_1~cus_2': failed(400, 'merge.same'),
    })
    await wrapper.get('[data-testid=different]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[role=alert]').text()).toContain('已经是同一位客户')
    expect(wrapper.findAll('[data-testid=review]')).toHaveLength(1)
  })

  it('lists merges with why, and says what is empty', async () => {
    const { wrapper } = await open([])
    expect(wrapper.get('[data-testid=empty]').text()).toContain('没有要核对的')
    await wrapper.findAll('.tabs button')[1]?.trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-testid=merge]').text()).toContain('「访客」并入「王敏」')
    expect(wrapper.get('[data-testid=merge]').text()).toContain('自动合并')
  })
})
