import { members } from '@zhiyin/shared/api/members'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { buildMe, buildMember } from '../testing/fixtures.ts'
import { mountIn } from '../testing/mount.ts'
import TeamPage from './TeamPage.vue'

const departments = [
  { id: 1, name: '知音公司', parentId: 0 },
  { id: 2, name: '华东', parentId: 1 },
]
const lina = buildMember({
  userid: 'lina',
  name: '李娜',
  departments: [2],
  leads: [2],
  role: 'manager',
  lastSeenAt: null,
})
const body = {
  items: [buildMember(), lina, buildMember({ userid: 'gone', name: '走了', active: false })],
  departments,
}

describe('the team page', () => {
  it('shows members by department, with role, access and when they were last here', async () => {
    const { wrapper } = await mountIn(TeamPage, {}, { [`GET ${members.list.path}`]: { body } })
    await flushPromises()
    const groups = wrapper.findAll('[data-testid="team-group"]').map((group) => group.text())
    expect(groups[0]).toMatch(/知音公司.*1 人.*王敏/s)
    expect(groups[1]).toMatch(/知音公司 \/ 华东.*李娜.*负责人.*主管.*可以.*从未登录/s)
    expect(wrapper.text()).toMatch(/已离开.*走了.*已停用/s)
    expect(wrapper.find('[data-testid="member-access"]').exists()).toBe(false)
  })

  it('lets an admin shut somebody out and change a role, but not their own', async () => {
    const { wrapper, asked } = await mountIn(
      TeamPage,
      {},
      {
        'GET /api/session': { body: buildMe({ role: 'admin' }) },
        [`GET ${members.list.path}`]: { body },
        'PUT /api/members/lina/access': { body: { ...lina, barred: true } },
        'PUT /api/members/lina/role': { body: { ...lina, role: 'rep' } },
      },
    )
    await flushPromises()
    const switches = wrapper.findAll('[data-testid="member-access"] input')
    expect(switches).toHaveLength(1)
    await switches[0]?.trigger('change')
    await flushPromises()
    expect(asked.find(({ method }) => method === 'PUT')).toMatchObject({
      path: '/api/members/lina/access',
      body: { allowed: false },
    })
    await wrapper
      .findAll('[role="radio"]')
      .find((one) => one.text() === '顾问')
      ?.trigger('click')
    await flushPromises()
    expect(asked.filter(({ method }) => method === 'PUT').at(-1)).toMatchObject({ body: { role: 'rep' } })
  })
})
