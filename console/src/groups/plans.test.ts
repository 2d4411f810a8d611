import { flushPromises } from '@vue/test-utils'
import type { PushPlan, PushPreview } from '@zhiyin/shared/api/push-plans'
import { because } from '@zhiyin/shared/because'
import { RouterView } from 'vue-router'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn, type Answer } from '../testing/mount.ts'
import PushPlanDelete from './PushPlanDelete.vue'
import { draftOf, inputOf } from './usePlanDraft.ts'

const buildPlan = (over: Partial<PushPlan> = {}): PushPlan => ({
  id: 'psh_1',
  name: '十二月会员群',
  lateHours: 6,
  on: false,
  items: [
    {
      id: 'psh_2',
      contentId: 'cnt_1',
      content: '周末上新',
      audience: { type: 'where', kinds: ['customer'], tiers: ['A'], owners: [], tags: ['华东'] },
      schedule: { type: 'repeated', at: '09:10', weekdays: [], monthdays: [1, 15], days: 'next_workday' },
      until: '2026-12-31',
      onlyVariants: true,
      groups: 3,
      nextAt: null,
      lastAt: null,
      problem: null,
    },
  ],
  nextAt: null,
  rev: 4,
  changedAt: at,
  changedBy: '王敏',
  ...over,
})
const preview: PushPreview = {
  items: [
    {
      content: '周末上新',
      times: [at],
      total: 2,
      stuck: 1,
      groups: [
        {
          groupId: 'g2',
          group: '门店晨会',
          kind: 'internal',
          tier: 'B',
          because: [because('group.tier_given', { tier: 'B' })],
          own: false,
          text: '',
          problem: because('robot.unregistered'),
          later: false,
        },
        {
          groupId: 'g1',
          group: '会员群',
          kind: 'customer',
          tier: 'A',
          because: [],
          own: true,
          text: '会员先行一天',
          problem: null,
          later: false,
        },
      ],
    },
  ],
}
const around: Record<string, Answer> = {
  'GET /api/contents': { body: { items: [], settings: { approval: false } } },
  'GET /api/groups': { body: { items: [] } },
  'GET /api/groups/tags': { body: { items: [{ tag: '华东', groups: 2 }] } },
  'GET /api/members': { body: { items: [], departments: [] } },
  'GET /api/groups/pushes': { body: { items: [], next: null } },
}
const open = async (path: string, table: Record<string, Answer>, shown: string) => {
  const opened = await mountIn(RouterView, {}, { ...around, ...table }, path)
  await vi.waitFor(() => expect(opened.wrapper.find(`[data-testid=${shown}]`).exists()).toBe(true), 10_000)
  await flushPromises()
  return opened
}
afterEach(() => {
  document.body.innerHTML = ''
})

const zone = 'America/New_York'

describe('a content plan', () => {
  it('takes its dates by the clocks of the company, over a change to summer time', () => {
    const at = ['2026-03-07T14:00:00.000Z', '2026-03-08T13:00:00.000Z']
    const [item] = buildPlan().items
    const plan = buildPlan({ items: item === undefined ? [] : [{ ...item, schedule: { type: 'dates', at } }] })
    const draft = draftOf(plan, '2026-03-07', zone)
    expect(draft.lines[0]?.dates).toEqual([
      { date: '2026-03-07', at: '09:00' },
      { date: '2026-03-08', at: '09:00' },
    ])
    expect(inputOf(draft, zone)?.items[0]?.schedule).toEqual({ type: 'dates', at })
  })

  it('is filled in as it was kept, and keeps what nobody changed', () => {
    const plan = buildPlan()
    const { name, lateHours } = plan
    const [item] = plan.items
    const { content: _content, groups: _groups, nextAt: _next, lastAt: _last, problem: _problem, ...kept } = item ?? {}
    expect(inputOf(draftOf(plan, '2026-11-26', zone), zone)).toEqual({ name, lateHours, items: [kept] })
    expect(inputOf({ ...draftOf(plan, '2026-11-26', zone), name: ' ' }, zone)).toBeUndefined()
  })

  it('shows who cannot get it and why, and is switched on from there', async () => {
    const { wrapper, asked } = await open(
      '/groups/plans/psh_1',
      {
        'GET /api/push-plans/psh_1': { body: buildPlan() },
        'POST /api/push-plans/preview': { body: preview },
        'PUT /api/push-plans/psh_1/on': { body: buildPlan({ on: true, nextAt: at }) },
      },
      'plan-head',
    )
    await wrapper.get('[data-testid=plan-look]').trigger('click')
    await flushPromises()
    const rows = wrapper.findAll('[data-testid=plan-preview-group]').map((row) => row.text())
    expect(rows[0]).toContain('这个群没有登记机器人')
    expect(rows[1]).toContain('会员先行一天')
    expect(wrapper.get('[data-testid=plan-preview]').text()).toContain('1 / 2 个群能收到')
    await wrapper.get('[data-testid=plan-on]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-testid=plan-head]').text()).toContain('进行中')
    expect(asked.find(({ method }) => method === 'PUT')?.body).toEqual({ on: true })
  })

  it('is saved as the version that was read, and says when somebody else was faster', async () => {
    const { wrapper, asked } = await open(
      '/groups/plans/psh_1',
      {
        'GET /api/push-plans/psh_1': { body: buildPlan() },
        'PUT /api/push-plans/psh_1': failed(409, 'conflict.changed'),
      },
      'plan-head',
    )
    await wrapper.get('[data-testid=plan-name] input, input[data-testid=plan-name]').setValue('年终计划')
    await wrapper.get('[data-testid=plan-save]').trigger('click')
    await flushPromises()
    expect(asked.find(({ method }) => method === 'PUT')?.body).toMatchObject({ name: '年终计划', rev: 4 })
    expect(wrapper.get('[role=alert]').text()).toContain('别人刚刚改过')
    expect(wrapper.get('[data-testid=plan-on]').attributes('disabled')).toBeDefined()
  })

  it('stands in the calendar of its month: to come, gone and skipped', async () => {
    const entry = { content: '周末上新', plan: { id: 'psh_1', name: '计划' }, groups: 3, pushId: null, skipped: null }
    const { wrapper } = await open(
      '/groups/plans',
      {
        'GET /api/push-plans': { body: { items: [buildPlan()] } },
        'GET /api/push-plans/calendar': {
          body: {
            items: [
              { ...entry, at, state: 'gone', pushId: 'psh_9' },
              { ...entry, at, state: 'skipped', skipped: because('push.late', { at: Date.parse(at), hours: 6 }) },
              { ...entry, at, state: 'planned' },
            ],
          },
        },
      },
      'plan-entry',
    )
    await vi.waitFor(() => expect(wrapper.find('[data-testid=push-plan]').exists()).toBe(true), 10_000)
    expect(wrapper.get('[data-testid=push-plan]').text()).toContain('每月 1、15 日 09:10、遇休息日顺延')
    const entries = wrapper.findAll('[data-testid=plan-entry]')
    expect(entries.map((one) => one.classes()[0])).toEqual(['gone', 'skipped', 'planned'])
    expect(entries[0]?.attributes('href')).toContain('/groups/pushes/psh_9')
    expect(entries[1]?.attributes('title')).toContain('晚了超过 6 小时')
  })
})

describe('a robot that was replaced', () => {
  it('is offered to the group of that name that is there', async () => {
    const twin = {
      error: {
        code: 'group.same_name',
        message: '已有同名的群',
        params: { name: '门店晨会', id: 'g7' },
        requestId: 'q',
      },
    }
    const group = {
      id: 'g7',
      chatId: null,
      kind: 'internal',
      name: '门店晨会',
      owner: null,
      tier: 'B',
      tags: [],
      members: 0,
      hasRobot: true,
    }
    const { wrapper, asked } = await open(
      '/groups',
      {
        'GET /api/groups/search': { body: { items: [], next: null, total: 0 } },
        'POST /api/groups': { status: 409, body: twin },
        'PUT /api/groups/g7/robot': { body: group },
      },
      'groups-sync',
    )
    const button = wrapper.findAll('button').find((one) => one.text() === '登记内部群')
    await button?.trigger('click')
    await vi.waitFor(() => expect(document.querySelector('#register')).not.toBeNull(), 10_000)
    const [name, webhook] = [...document.querySelectorAll<HTMLInputElement>('#register input')]
    for (const [input, value] of [
      [name, '门店晨会'],
      [webhook, 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=new'],
    ] as const) {
      if (input === undefined) throw new Error('no such field')
      input.value = value
      input.dispatchEvent(new Event('input'))
    }
    document.querySelector<HTMLFormElement>('#register')?.requestSubmit()
    await vi.waitFor(() => expect(document.querySelector('[data-testid=register-replace]')).not.toBeNull(), 10_000)
    document.querySelector<HTMLElement>('[data-testid=register-replace]')?.click()
    await flushPromises()
    expect(asked.find(({ method }) => method === 'PUT')).toMatchObject({
      path: '/api/groups/g7/robot',
      body: { webhook: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=new' },
    })
  })
})

describe('deleting a plan', () => {
  it('says before how much still waits and is taken back, and deletes when that is wanted', async () => {
    const { asked, wrapper } = await mountIn(
      PushPlanDelete,
      { id: 'psh_1' },
      {
        'GET /api/push-plans/psh_1/waiting': { body: { sends: 7 } },
        'DELETE /api/push-plans/psh_1': { body: { ok: true } },
      },
    )
    expect(asked.filter(({ path }) => path.includes('push-plans'))).toEqual([])
    await wrapper.find('button').trigger('click')
    await flushPromises()
    expect(document.body.textContent).toContain('现在有 7 条')
    document.querySelector<HTMLElement>('[data-testid="remove-sure"]')?.click()
    await flushPromises()
    expect(asked.map(({ method }) => method)).toContain('DELETE')
  })
})
