import { RouterView } from 'vue-router'
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { buildChannel, buildMember } from '../testing/fixtures.ts'
import { failed, mountIn, type Answer } from '../testing/mount.ts'

const counts = { adds: 4, following: 3, lost: 1, lost24h: 1, ordered: 2 }
const open = async (path: string, channel = buildChannel(), over: Record<string, Answer> = {}) => {
  const mounted = await mountIn(
    RouterView,
    {},
    {
      'GET /api/channels': { body: { items: [channel], names: {} } },
      'GET /api/channels/ch1': { body: { channel, names: { outside: '外部门' }, welcomes: [] } },
      'GET /api/channels/ch1/stats': {
        body: {
          total: counts,
          days: [{ day: '2026-06-01', ...counts }],
          reps: [{ userid: 'wangmin', name: '王敏', today: 1, ...counts }],
        },
      },
      'GET /api/members': {
        body: { items: [buildMember(), buildMember({ userid: 'zhao', name: '赵敏' })], departments: [] },
      },
      'GET /api/tags': { body: { items: [] } },
      ...over,
    },
    path,
  )
  await flushPromises()
  return mounted
}
afterEach(() => {
  document.body.innerHTML = ''
})

describe('the page of a channel', () => {
  it('says who serves, how many came, and that nobody welcomes them', async () => {
    const { wrapper } = await open('/channels/ch1')
    expect(wrapper.get('[data-testid=channel-serving]').text()).toContain('王敏')
    expect(wrapper.get('[data-testid=channel-adds]').text()).toBe('4')
    expect(wrapper.get('[data-testid=channel-welcome]').text()).toContain('没有欢迎语')
    expect(wrapper.get('[data-testid=channel-download]').attributes('href')).toBe('/api/channels/ch1/qr?of=cfg1')
    expect(wrapper.get('[data-testid=channel-pause]').attributes('disabled')).toBeDefined()
  })

  it('names who cannot serve and why, and what WeCom has not taken', async () => {
    const channel = buildChannel({
      serving: { userids: ['zhao'], by: 'backup', until: null },
      unable: [{ userid: 'wangmin', errcode: 84074 }],
      problem: '企业微信返回 45009：freq',
    })
    const { wrapper } = await open('/channels/ch1', channel)
    expect(wrapper.get('[data-testid=channel-serving]').text()).toContain('王敏（没有客户联系权限）')
    expect(wrapper.get('[data-testid=channel-problem]').text()).toContain('45009')
  })

  it('makes a lost code anew', async () => {
    const { wrapper, asked } = await open('/channels/ch1', buildChannel({ status: 'gone' }), {
      'POST /api/channels/ch1/remake': { body: buildChannel({ configId: 'cfg2' }) },
    })
    expect(wrapper.find('[data-testid=channel-edit]').exists()).toBe(false)
    await wrapper.get('[data-testid=channel-remake]').trigger('click')
    await flushPromises()
    expect(asked.some(({ method, path }) => method === 'POST' && path === '/api/channels/ch1/remake')).toBe(true)
    expect(wrapper.get('[data-testid=channel-status]').attributes('data-status')).toBe('on')
  })
})

describe('the form of a channel', () => {
  const option = (within: string, text: string) =>
    [...document.querySelectorAll<HTMLElement>(`[data-testid=${within}] [role=option]`)].find((each) =>
      each.textContent.includes(text),
    )

  it('wants a backup for shifts, and sends what was filled in', async () => {
    const { wrapper, asked } = await open('/channels/new', buildChannel(), {
      'POST /api/channels': failed(409, 'conflict.exists'),
    })
    const save = () => wrapper.get('[data-testid=channel-save]')
    await wrapper.get('[data-testid=channel-name] input, input[data-testid=channel-name]').setValue('门店')
    option('channel-reps', '王敏')?.click()
    await flushPromises()
    expect(save().attributes('disabled')).toBeUndefined()
    await wrapper.findAll('[data-testid=channel-when] button')[1]?.trigger('click')
    expect(wrapper.findAll('[data-testid=shift]')).toHaveLength(1)
    expect(save().attributes('disabled')).toBeDefined()
    option('channel-backups', '赵敏')?.click()
    await flushPromises()
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({
      name: '门店',
      userids: ['wangmin'],
      backups: ['zhao'],
      shifts: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', userids: ['wangmin'] }],
    })
    expect(wrapper.get('[role=alert]').text()).toContain('已存在')
  })

  it('takes who leaves the channel out of its shifts', async () => {
    const shift = { weekdays: [1], from: '09:00', to: '18:00', userids: ['wangmin', 'zhao'] }
    const channel = buildChannel({ userids: ['wangmin', 'zhao'], backups: ['zhao'], shifts: [shift] })
    const { wrapper, asked } = await open('/channels/ch1/edit', channel, {
      'PUT /api/channels/ch1': { body: channel },
    })
    option('channel-reps', '赵敏')?.click()
    await flushPromises()
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(asked.find(({ method }) => method === 'PUT')?.body).toMatchObject({
      userids: ['wangmin'],
      shifts: [{ userids: ['wangmin'] }],
    })
  })
})
