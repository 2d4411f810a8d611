import { RouterView } from 'vue-router'
import { flushPromises } from '@vue/test-utils'
import { ruleOfRecall } from '@zhiyin/shared/recall'
import { afterEach, expect, it, vi } from 'vitest'
import { buildContent, buildRule } from '../testing/fixtures.ts'
import { mountIn, type Answer } from '../testing/mount.ts'
import { startForm } from './draft.ts'

const start = startForm('沉默召回', '打个电话')
const form = {
  ...start,
  ladders: start.ladders.slice(0, 1).map((ladder) => ({ ...ladder, gentle: { contentId: 'c_recall' }, coupon: null })),
}
const count = { total: 15, withheld: 0, ms: 4, scoped: false, members: [] }
const open = async (path: string, over: Record<string, Answer> = {}) => {
  vi.useFakeTimers()
  const mounted = await mountIn(
    RouterView,
    {},
    {
      'GET /api/contents': { body: { items: [buildContent()], settings: { approval: false } } },
      'GET /api/tags': { body: { items: [] } },
      'GET /api/groups': { body: { items: [] } },
      'GET /api/channels': { body: { items: [], names: {} } },
      'GET /api/members': { body: { items: [], departments: [] } },
      'GET /api/segments/vocabulary': { body: { attributes: [], schemes: [], segments: [] } },
      'POST /api/segments/count': { body: count },
      ...over,
    },
    path,
  )
  await flushPromises()
  await vi.advanceTimersByTimeAsync(500)
  await flushPromises()
  return mounted
}
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

it('counts who is in it today, says what it will do, and cannot be saved before its contents are chosen', async () => {
  const { wrapper, asked } = await open('/rules/recall')
  expect(wrapper.get('[data-testid=segment-total]').text()).toContain('15')
  expect(asked.find(({ path }) => path === '/api/segments/count')?.body).toEqual({
    condition: {
      type: 'all',
      of: [
        { type: 'silent', minDays: 30 },
        { type: 'not', of: { type: 'silent', minDays: 90 } },
        { type: 'tier', in: ['A', 'B', 'C'] },
      ],
    },
    // A rule takes in whoever meets it; only segments leave out who may not be profiled.
    everybody: true,
  })
  expect(wrapper.get('[data-testid=recall-sentence]').text()).toContain('A 层：发「…」')
  expect(wrapper.get('[data-testid=recall-missing]').text()).toContain('选择要发的内容')
  expect(wrapper.get('[data-testid=recall-save]').attributes('disabled')).toBeDefined()
})

it('opens a rule that was made by it, and asks what becomes of those under way before it saves', async () => {
  const rule = buildRule({ ...ruleOfRecall(form), status: 'on', live: 3 })
  const { wrapper, asked } = await open('/rules/r1/recall', {
    'GET /api/rules/r1': { body: rule },
    'PUT /api/rules/r1': { body: { ...rule, version: 4 } },
  })
  await wrapper.get('[data-testid=recall-name]').setValue('换季召回')
  await wrapper.get('[data-testid=recall-save]').trigger('click')
  await vi.advanceTimersByTimeAsync(500)
  expect(asked.some(({ method }) => method === 'PUT')).toBe(false)
  await wrapper.get('[data-testid=running-move]').setValue(true)
  await wrapper.get('[data-testid=running-save]').trigger('click')
  await flushPromises()
  const sent = asked.find(({ method }) => method === 'PUT')
  expect(sent?.body).toEqual({ ...ruleOfRecall({ ...form, name: '换季召回' }), version: 3, running: 'move' })
})

it('says that a rule changed on the canvas no longer fits it', async () => {
  const { wrapper } = await open('/rules/r1/recall', { 'GET /api/rules/r1': { body: buildRule() } })
  expect(wrapper.text()).toContain('画布上改过')
})
