import { flushPromises } from '@vue/test-utils'
import type { GroupWelcome, JoinWay } from '@zhiyin/shared/api/group-ways'
import type { GroupChange, GroupDetail, GroupMember, GroupRow } from '@zhiyin/shared/api/groups'
import { because } from '@zhiyin/shared/because'
import { RouterView } from 'vue-router'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { at, buildMe } from '../testing/fixtures.ts'
import { failed, mountIn, type Answer } from '../testing/mount.ts'

const buildRow = (over: Partial<GroupRow> = {}): GroupRow => ({
  id: 'g1',
  chatId: 'wr1',
  kind: 'customer',
  name: '会员群',
  owner: 'lina',
  ownerName: '李娜',
  tier: 'B',
  tags: [],
  members: 120,
  outsiders: 117,
  hasRobot: false,
  status: 0,
  createdAt: at,
  movedAt: at,
  idle: false,
  tiering: { byHand: false, because: [because('group.tier_few', { known: 2, limit: 5, tier: 'B' })], since: null },
  ...over,
})
const buildDetail = (over: Partial<GroupDetail> = {}): GroupDetail => ({
  ...buildRow(),
  notice: '周五上新',
  admins: [],
  dismissed: false,
  growth: [{ day: '2026-11-23', joined: 2, left: 1 }],
  scenes: [{ scene: 3, count: 2 }],
  inviters: [],
  ...over,
})
const buildMember = (over: Partial<GroupMember> = {}): GroupMember => ({
  id: 'wm1',
  name: '安安',
  customerId: 'c1',
  colleague: false,
  role: 'member',
  joinedAt: at,
  joinScene: 2,
  inviter: { id: 'wm2', name: '小波', customerId: 'c2' },
  joinWay: null,
  leftAt: null,
  quit: null,
  ...over,
})
const buildChange = (over: Partial<GroupChange>): GroupChange => ({
  id: `${over.kind}${over.to}`,
  at,
  kind: 'name',
  from: null,
  to: null,
  person: null,
  inviter: null,
  scene: null,
  members: null,
  ...over,
})
const buildWay = (over: Partial<JoinWay> = {}): JoinWay => ({
  id: 'gjw_1',
  name: '门店立牌',
  state: 'on',
  qrUrl: '',
  autoCreate: false,
  baseName: '',
  baseNumber: 1,
  groups: [{ id: 'g1', name: '会员群', members: 120, dismissed: false }],
  made: [],
  joined: 30,
  staying: 28,
  week: 4,
  createdAt: at,
  createdBy: '王敏',
  ...over,
})
const welcome: GroupWelcome = {
  id: 'gwt_1',
  name: '新人礼',
  state: 'on',
  text: '欢迎 %NICKNAME%',
  attachment: null,
  notify: true,
  changedAt: at,
  changedBy: '王敏',
}

const open = async (path: string, table: Record<string, Answer>) => {
  const opened = await mountIn(
    RouterView,
    {},
    { 'GET /api/members': { body: { items: [], departments: [] } }, ...table },
    path,
  )
  // The page itself is loaded when its route is opened.
  await vi.waitFor(() => expect(opened.wrapper.find('h1, [data-testid=group-head]').exists()).toBe(true), 10_000)
  await flushPromises()
  return opened
}
afterEach(() => {
  document.body.innerHTML = ''
})

describe('the list of groups', () => {
  const found = { 'GET /api/groups/search': { body: { items: [buildRow({ status: 1 })], next: null, total: 1 } } }

  it('shows a manager what is unusual, and lets them sync', async () => {
    const { wrapper } = await open('/groups', found)
    const row = wrapper.get('[data-testid=group-row]').text()
    expect(row).toContain('群主离职，待继承')
    expect(row).toContain('李娜')
    expect(wrapper.find('[data-testid=groups-sync]').exists()).toBe(true)
    expect(wrapper.findAll('nav a')).toHaveLength(6)
    expect(row).toContain('群里只认识 2 位客户，不到 5 位，先按 B')
  })

  it('shows a rep their own groups and nothing to manage', async () => {
    const { wrapper } = await open('/groups', { ...found, 'GET /api/session': { body: buildMe({ role: 'rep' }) } })
    expect(wrapper.text()).toContain('你做群主的客户群')
    expect(wrapper.find('[data-testid=groups-sync]').exists()).toBe(false)
    expect(wrapper.find('nav').exists()).toBe(false)
  })

  it('says what failed', async () => {
    const { wrapper } = await open('/groups', { 'GET /api/groups/search': failed(503, 'wecom.unreachable') })
    expect(wrapper.text()).toContain('没有读到数据')
  })

  it('asks for what the address says', async () => {
    const { asked } = await open('/groups?idle=1&status=1&q=会员', found)
    const query = asked.find(({ path }) => path.startsWith('/api/groups/search'))?.path ?? ''
    expect(query).toContain('idle=1')
    expect(query).toContain('status=1')
    expect(decodeURIComponent(query)).toContain('q=会员')
  })
})

describe('the page of a group', () => {
  it('shows who invited whom, and what has happened in words', async () => {
    const { wrapper } = await open('/groups/g1', {
      'GET /api/groups/g1': { body: buildDetail() },
      'GET /api/groups/g1/members': { body: { items: [buildMember()], next: null } },
      'GET /api/groups/g1/timeline': {
        body: {
          items: [
            buildChange({ kind: 'owner', from: '李娜', to: '陈晨' }),
            buildChange({ kind: 'name', from: '', to: '会员群' }),
            buildChange({ kind: 'left', person: { id: 'wm3', name: '陈静', customerId: null }, scene: 1 }),
            buildChange({ kind: 'status', from: '0', to: '1' }),
            buildChange({ kind: 'notice', to: '' }),
            buildChange({ kind: 'tier', from: 'C', to: 'A' }),
          ],
          next: null,
        },
      },
    })
    await vi.waitFor(() => expect(wrapper.find('[data-testid=group-member]').exists()).toBe(true), 10_000)
    expect(wrapper.get('[data-testid=group-member]').text()).toMatch(/安安.*邀请链接.*小波/s)
    expect(wrapper.findAll('[data-testid=group-change]').map((line) => line.get('.pre').text())).toEqual([
      '群主由 李娜 变为 陈晨',
      '群名由「未命名」改为「会员群」',
      '陈静 被移出群聊',
      '状态由「正常」变为「群主离职，待继承」',
      '群公告被清空',
      '层级由 C 变为 A',
    ])
    expect(wrapper.text()).toContain('进群 2 人，退群 1 人')
  })
})

describe('what WeCom makes once', () => {
  it('leaves an unsure code to a person, who decides once', async () => {
    const { wrapper, asked } = await open('/groups/join-ways', {
      'GET /api/groups/join-ways': { body: { items: [buildWay({ state: 'unsure' })] } },
      'GET /api/groups': { body: { items: [] } },
      'POST /api/groups/join-ways/gjw_1/decide': { body: { ok: true } },
    })
    await vi.waitFor(() => expect(wrapper.find('[data-testid=unsure]').exists()).toBe(true), 10_000)
    expect(wrapper.find('[data-testid=join-way-edit]').exists()).toBe(false)
    await wrapper.get('[data-testid=unsure] button').trigger('click')
    await flushPromises()
    const decisions = asked.filter(({ path }) => path.endsWith('/decide'))
    expect(decisions).toMatchObject([{ method: 'POST', body: { decision: 'again' } }])
  })

  it('shows a welcome as a newcomer reads it, and that the owner switches it on', async () => {
    const { wrapper } = await open('/groups/welcomes', { 'GET /api/groups/welcomes': { body: { items: [welcome] } } })
    await vi.waitFor(() => expect(wrapper.find('[data-testid=group-welcome]').exists()).toBe(true), 10_000)
    expect(wrapper.get('[data-testid=group-welcome]').text()).toContain('欢迎 小雨')
    expect(wrapper.text()).toContain('还要群主在企业微信客户端')
  })
})
