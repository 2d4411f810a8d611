import { RouterView } from 'vue-router'
import { flushPromises } from '@vue/test-utils'
import { SendLimits } from '@zhiyin/shared/intent'
import { because } from '@zhiyin/shared/because'
import { GroupTierRule } from '@zhiyin/shared/group-tier'
import { StageSettings } from '@zhiyin/shared/stage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildContent, buildDryRun, buildDryRunRow, buildRule } from '../testing/fixtures.ts'
import { failed, mountIn, type Answer } from '../testing/mount.ts'

const settings = {
  stages: StageSettings.parse({}),
  limits: SendLimits.parse({}),
  groupTiers: GroupTierRule.parse({}),
  timezone: 'Asia/Shanghai',
}
const dryRun = buildDryRun({
  counts: { send: 1, wait: 0, block: 1, holdout: 0, skip: 0 },
  rows: [
    buildDryRunRow({
      customerId: 'cu2',
      customer: '周可',
      outcome: 'block',
      outcomeBecause: [because('block.cap_week', { count: 3, limit: 3 })],
    }),
    buildDryRunRow(),
  ],
  problems: [{ key: 'no_variant', level: 'warning', stepId: null, text: '内容没有 C 层的版本' }],
})
const open = (over: Record<string, Answer> = {}) =>
  mountIn(
    RouterView,
    {},
    {
      'GET /api/rules/r1': { body: buildRule() },
      'GET /api/rules/r1/versions': { body: { items: [] } },
      'GET /api/rule-settings': { body: { approval: false } },
      'GET /api/rules/r1/runs': { body: { items: [], next: null } },
      'GET /api/contents': { body: { items: [buildContent()], settings: { approval: false } } },
      'GET /api/tags': { body: { items: [] } },
      'GET /api/groups': { body: { items: [] } },
      'GET /api/channels': { body: { items: [], names: {} } },
      'GET /api/members': { body: { items: [], departments: [] } },
      'GET /api/settings': { body: settings },
      'POST /api/rules/dry-run': { body: dryRun },
      'POST /api/rules/check': { body: { problems: [] } },
      ...over,
    },
    '/rules/r1',
  )

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

const settle = async () => {
  await flushPromises()
  await vi.advanceTimersByTimeAsync(700)
  await flushPromises()
}

describe('the page of a rule', () => {
  it('shows who the rule would meet today, those who get a message first', async () => {
    const { wrapper } = await open()
    await settle()
    const rows = wrapper.findAll('[data-testid=dryrun-row]').map((row) => row.text())
    expect(rows[0]).toContain('林晓雯')
    expect(rows[1]).toContain('挡下：近 7 天已收到 3 条（上限 3）')
    expect(wrapper.get('[data-testid=dryrun-count-send]').text()).toBe('1')
    expect(wrapper.text()).toContain('内容没有 C 层的版本')
    expect(wrapper.text()).toContain('公司上限：每人每天 1 条、7 天 3 条、30 天 8 条')
  })

  it('tries the unsaved draft again once it has rested', async () => {
    const { wrapper, asked } = await open()
    await settle()
    const runs = () => asked.filter(({ path }) => path === '/api/rules/dry-run')
    const before = runs().length
    await wrapper.get('[data-testid=rule-name]').setValue('新名字')
    await vi.advanceTimersByTimeAsync(300)
    expect(runs()).toHaveLength(before)
    await settle()
    expect(runs()).toHaveLength(before + 1)
    expect(runs().at(-1)?.body).toMatchObject({ id: 'r1', name: '新名字' })
  })

  it('puts what the server refuses beside its field', async () => {
    const { wrapper } = await open({
      'PUT /api/rules/r1': failed(422, 'request.invalid', [{ path: 'steps.0.contentId', message: '内容不存在' }]),
    })
    await settle()
    await wrapper.get('[data-testid=rule-name]').setValue('新名字')
    await wrapper.get('[data-testid=rule-save]').trigger('click')
    await settle()
    expect(wrapper.get('[data-testid=step-send]').text()).toContain('内容不存在')
  })

  it('offers the latest version after a conflict', async () => {
    const { wrapper } = await open({ 'PUT /api/rules/r1': failed(409, 'conflict.changed') })
    await settle()
    await wrapper.get('[data-testid=rule-name]').setValue('新名字')
    await wrapper.get('[data-testid=rule-save]').trigger('click')
    await settle()
    await wrapper.get('[data-testid=rule-conflict] button').trigger('click')
    await settle()
    expect(wrapper.find('[data-testid=rule-conflict]').exists()).toBe(false)
    expect(wrapper.get<HTMLInputElement>('[data-testid=rule-name]').element.value).toBe('沉默 30 天召回')
  })

  it('asks what becomes of sends that came too late, and says it to the server', async () => {
    const late = { items: [{ stepId: 's1', count: 5, oldest: '2026-11-23T03:00:00.000Z' }] }
    const { wrapper, asked } = await open({
      'GET /api/rules/r1': { body: buildRule({ status: 'on', live: 3 }) },
      'GET /api/rules/r1/late': { body: late },
      'POST /api/rules/r1/late': { body: { answered: 5 } },
    })
    await settle()
    expect(wrapper.get('[data-testid=late-sends]').text()).toContain('第 1 步 用企业群发')
    await wrapper.get('[data-testid=late-skip]').trigger('click')
    await settle()
    expect(asked.find(({ method, path }) => method === 'POST' && path === '/api/rules/r1/late')?.body).toEqual({
      stepId: 's1',
      send: false,
    })
  })

  it('outside its valid period says that nobody enters today, and takes nobody in when it is switched on', async () => {
    const { wrapper } = await open({
      'GET /api/rules/r1': { body: buildRule({ status: 'draft' }) },
      'POST /api/rules/dry-run': { body: { ...dryRun, valid: false } },
    })
    await settle()
    expect(wrapper.get('[data-testid=dryrun-outside]').text()).toContain('今天不会有人进入')
    await wrapper.get('[data-testid=rule-on]').trigger('click')
    await settle()
    const now = document.querySelector('[data-testid=rule-meet-now]')
    expect(now?.closest('label')?.classList.contains('is-disabled')).toBe(true)
    expect(now?.closest('.now')?.textContent).toContain('不在有效期内')
  })

  it('does not try a draft that is not whole, and says what is missing', async () => {
    const { wrapper, asked } = await open({
      'GET /api/rules/r1': {
        body: buildRule({ steps: [{ id: 's1', type: 'task', title: '打个电话', dueHours: 24 }] }),
      },
    })
    await settle()
    const before = asked.length
    await wrapper.get('[data-testid=step-add-send]').trigger('click')
    await settle()
    expect(wrapper.get('[data-testid=dryrun]').text()).toContain('第 2 步：选择内容')
    expect(asked).toHaveLength(before)
    expect(wrapper.get('[data-testid=rule-on]').attributes('disabled')).toBeDefined()
  })

  describe('with ways that part', () => {
    const forked = buildRule({
      steps: [
        {
          id: 'f',
          type: 'split',
          arms: [
            { id: 'a', name: '直接问候', percent: 50, next: 'x' },
            { id: 'b', name: '先等等', percent: 50, next: 'y' },
          ],
        },
        { id: 'x', type: 'task', title: '打个电话', dueHours: 24, next: null },
        { id: 'y', type: 'wait', hours: 24 },
      ],
    })
    const figures = {
      at: '2026-11-23T06:00:00.000Z',
      nodes: [{ stepId: 'y', here: 7 }],
      ways: [
        { stepId: 'f', arm: 'a', count: 31 },
        { stepId: 'f', arm: 'b', count: 29 },
      ],
      ended: { goal: 1, exited: 2, finished: 3 },
    }
    /** What only a browser that lays out can draw is left for the list. */
    const list = async (over: Record<string, Answer> = {}) => {
      const page = await open({
        'GET /api/rules/r1': { body: forked },
        'GET /api/rules/r1/figures': { body: figures },
        ...over,
      })
      await settle()
      const show = page.wrapper.findAll('[role=radio]').find((each) => each.text() === '列表')
      await show?.trigger('click')
      await settle()
      return page
    }
    const saved = async (page: Awaited<ReturnType<typeof list>>) => {
      await page.wrapper.get('[data-testid=rule-save]').trigger('click')
      await settle()
      return page.asked.findLast(({ method }) => method === 'PUT')?.body
    }

    it('sets in the steps of each arm and says how many went each way and stand where', async () => {
      const { wrapper } = await list()
      const depths = wrapper.findAll('[data-depth]').map((row) => row.attributes('data-depth'))
      expect(depths).toEqual(['0', '1', '1'])
      expect(wrapper.get('[data-testid=step-split]').text()).toContain('直接问候 50%')
      expect(wrapper.get('[data-testid=step-split]').text()).toContain('31 人次')
      expect(wrapper.get('[data-testid=step-wait] [data-testid=here]').text()).toBe('7 人在此')
    })

    it('leads a way elsewhere, and never in a circle', async () => {
      const page = await list({ 'PUT /api/rules/r1': { body: forked } })
      const pick = page.wrapper.get('[data-testid=step-task] select')
      expect(pick.findAll('option').map((option) => option.attributes('value'))).toEqual(['y', ''])
      await pick.setValue('y')
      expect(await saved(page)).toMatchObject({ steps: [{ id: 'f' }, { id: 'x' }, { id: 'y' }] })
      expect(page.asked.findLast(({ method }) => method === 'PUT')?.body).not.toHaveProperty('steps.1.next')
    })

    it('asks before a fork goes, and brings everything back when that is undone', async () => {
      const page = await list({ 'PUT /api/rules/r1': { body: forked } })
      await page.wrapper.get('[data-testid=step-split] [aria-label=删除这一步]').trigger('click')
      await settle()
      expect(document.body.querySelector('[data-testid=remove-gone]')?.textContent).toContain('等 1 天')
      document.body.querySelector<HTMLElement>('[data-testid=remove-confirm]')?.click()
      await settle()
      expect(page.wrapper.findAll('[data-depth]')).toHaveLength(1)
      await page.wrapper.get('[data-testid=journey-undo]').trigger('click')
      expect(page.wrapper.findAll('[data-depth]')).toHaveLength(3)
      await page.wrapper.get('[data-testid=rule-name]').setValue('改名')
      expect(await saved(page)).toMatchObject({ steps: forked.steps })
    })

    it('says what is wrong at the step, and the rest above', async () => {
      const { wrapper } = await list({
        'POST /api/rules/check': {
          body: {
            problems: [
              { key: 'unreachable', level: 'error', stepId: 'x', text: '没有路能走到第 2 步' },
              { key: 'noHoldout', level: 'warning', stepId: null, text: '没有对照组' },
            ],
          },
        },
      })
      expect(wrapper.get('[data-testid=step-task]').text()).toContain('没有路能走到第 2 步')
      expect(wrapper.get('[data-testid=rule-problems]').text()).toContain('没有对照组')
      expect(wrapper.get('[data-testid=rule-problems]').text()).not.toContain('第 2 步')
    })
  })
})
