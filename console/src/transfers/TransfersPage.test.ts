import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import type { Member } from '@zhiyin/shared/api/members'
import type { Transfer } from '@zhiyin/shared/api/transfers'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import TransfersPage from './TransfersPage.vue'

const buildMember = (userid: string, over: Partial<Member> = {}): Member => ({
  userid,
  name: `${userid}名`,
  position: null,
  role: 'rep',
  active: true,
  barred: false,
  rep: true,
  departments: [1],
  leads: [],
  customers: 10,
  lastSeenAt: null,
  ...over,
})
const none = { planned: 0, calling: 0, unsure: 0, waiting: 0, done: 0, refused: 0, full: 0, failed: 0 }
const buildTransfer = (over: Partial<Transfer> = {}): Transfer => ({
  id: 'trf_1',
  mode: 'resigned',
  from: { userid: 'lina', name: '李娜' },
  takeovers: [
    { userid: 'wang', name: '王伟', share: 1, done: 2, total: 3 },
    { userid: 'zhao', name: '赵敏', share: 1, done: 0, total: 2 },
  ],
  message: '',
  by: '王敏',
  at,
  planning: false,
  customers: 5,
  groups: 0,
  skipped: 0,
  states: { ...none, done: 2, waiting: 2, refused: 1 },
  retriable: 1,
  problem: null,
  finished: false,
  ...over,
})
const nobody = { items: [], checkedAt: at, problem: null }
const table = {
  'GET /api/members': {
    body: {
      items: [buildMember('wang'), buildMember('zhao'), buildMember('gone', { active: false })],
      departments: [],
    },
  },
  'GET /api/transfers/leavers': { body: nobody },
  'GET /api/transfers': { body: { items: [], next: null } },
}
const open = (over: Parameters<typeof mountIn>[2] = {}) =>
  mountIn(TransfersPage, {}, { ...table, ...over }).then(async (mounted) => {
    await flushPromises()
    return mounted
  })
const press = async (testId: string): Promise<void> => {
  document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.click()
  await flushPromises()
}
afterEach(() => {
  document.body.innerHTML = ''
})

describe('the page of hand-overs', () => {
  it('says what it is for while there is nothing, and why WeCom lists nobody', async () => {
    const { wrapper } = await open()
    expect(wrapper.text()).toContain('离职继承和在职继承都从这里发起')
    expect(wrapper.text()).toContain('没有离职成员留下的客户或群')
    wrapper.unmount()
    const problem = { errcode: 48002, hint: 'api forbidden' }
    const refused = await open({ 'GET /api/transfers/leavers': { body: { ...nobody, problem } } })
    expect(refused.wrapper.text()).toContain('48002')
    refused.wrapper.unmount()
  })

  it('shares a leaver’s customers out with two presses, by parts', async () => {
    const leaver = { userid: 'gone', name: '赵离', leftAt: at, customers: 500, groups: 3 }
    const { wrapper, asked } = await open({
      'GET /api/transfers/leavers': { body: { ...nobody, items: [leaver] } },
      'POST /api/transfers': { body: buildTransfer() },
    })
    expect(wrapper.text()).toContain('500 位客户 · 3 个群')
    await press('leaver-share')
    const takers = [...document.querySelectorAll<HTMLElement>('[data-testid="transfer-takers"] [role="option"]')]
    expect(takers.map((one) => one.textContent)).toHaveLength(2)
    for (const one of takers) {
      one.click()
      await flushPromises()
    }
    expect(document.body.textContent).toContain('约 250 位')
    document.querySelector<HTMLFormElement>('form#transfer')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await flushPromises()
    const sent = asked.find(({ method, path }) => method === 'POST' && path === '/api/transfers')
    expect(sent?.body).toMatchObject({
      from: 'gone',
      customers: 'all',
      groups: 'all',
      takeovers: [
        { userid: 'wang', share: 1 },
        { userid: 'zhao', share: 1 },
      ],
    })
    wrapper.unmount()
  })

  it('shows how far one is, and gives what failed to somebody else', async () => {
    const item = {
      id: 'hnd_1',
      what: 'customer',
      customerId: 'cus_1',
      name: '陈琳',
      to: { userid: 'zhao', name: '赵敏' },
      state: 'refused',
      reason: 'customer_refused',
      at,
    }
    const { wrapper } = await open({
      'GET /api/transfers': { body: { items: [buildTransfer()], next: null } },
      'GET /api/transfers/trf_1/items': { body: { items: [item], next: null } },
    })
    expect(wrapper.text()).toContain('李娜 → 王伟、赵敏')
    expect(wrapper.text()).toContain('已转接 2')
    expect(wrapper.text()).toContain('1 位没有转成，可以换人再试')
    await press('transfer-open')
    expect(document.querySelector('[data-testid="transfer-item"]')?.textContent).toContain('客户拒绝了')
    wrapper.unmount()
  })

  it('says what went wrong when it cannot be read', async () => {
    const { wrapper } = await open({ 'GET /api/transfers': failed(503, 'storage.unavailable') })
    expect(wrapper.text()).toContain('没有读到数据')
    wrapper.unmount()
  })
})
