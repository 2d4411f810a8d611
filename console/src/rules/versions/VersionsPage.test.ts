import { RouterView } from 'vue-router'
import { flushPromises } from '@vue/test-utils'
import type { RuleVersion } from '@zhiyin/shared/rule-version'
import { afterEach, expect, it, vi } from 'vitest'
import { at, buildContent, buildRule, buildRuleInput } from '../../testing/fixtures.ts'
import { mountIn, type Answer } from '../../testing/mount.ts'

const version = (n: number, over: Partial<RuleVersion> = {}): RuleVersion => ({
  ...buildRuleInput({ limits: { ...buildRuleInput().limits, holdoutPercent: n * 10 } }),
  version: n,
  savedAt: at,
  savedBy: '李娜',
  live: n === 2,
  running: n === 2 ? 42 : 0,
  review: null,
  ...over,
})
const asked3: RuleVersion['review'] = {
  state: 'asked',
  askedBy: '李娜',
  askedAt: at,
  running: 'move',
  words: '对照组加到三成',
  answer: null,
}
const rule = buildRule({ version: 3, live: 2, status: 'on' })
const open = async (items: RuleVersion[], over: Record<string, Answer> = {}, of = rule) => {
  const mounted = await mountIn(
    RouterView,
    {},
    {
      'GET /api/rules/r1': { body: of },
      'GET /api/rules/r1/versions': { body: { items } },
      'GET /api/rule-settings': { body: { approval: true } },
      'GET /api/contents': { body: { items: [buildContent()], settings: { approval: false } } },
      'GET /api/tags': { body: { items: [] } },
      'GET /api/groups': { body: { items: [] } },
      'GET /api/channels': { body: { items: [], names: {} } },
      'GET /api/members': { body: { items: [], departments: [] } },
      'GET /api/segments/vocabulary': { body: { attributes: [], schemes: [], segments: [] } },
      ...over,
    },
    '/rules/r1/versions',
  )
  await flushPromises()
  return mounted
}
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

it('holds the version that waits against the live one, and rejects it only with words', async () => {
  const items = [version(3, { review: asked3 }), version(2), version(1)]
  const { wrapper, asked } = await open(items, { 'POST /api/rules/r1/review/answer': { body: rule } })
  expect(wrapper.get('[data-testid=rule-diff]').text()).toContain('v2 → v3')
  expect(wrapper.get('[data-testid=version-diff]').text()).toContain('20%30%')
  expect(wrapper.get('[data-testid=rule-review]').text()).toContain('对照组加到三成')
  expect(wrapper.get('[data-testid=rule-review]').text()).toContain('在途客户转到新版')
  expect(wrapper.get('[data-testid=review-no]').attributes('disabled')).toBeDefined()
  await wrapper.get('[data-testid=review-words]').setValue('三成太多')
  await wrapper.get('[data-testid=review-no]').trigger('click')
  await flushPromises()
  expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ version: 3, words: '三成太多', yes: false })
})

it('lets whoever wrote it ask, not answer', async () => {
  const own = version(3, { savedBy: '王敏' })
  const first = await open([own, version(2)], { 'POST /api/rules/r1/review': { body: rule } })
  await first.wrapper.get('[data-testid=review-ask]').trigger('click')
  await flushPromises()
  expect(first.asked.find(({ method }) => method === 'POST')?.body).toEqual({ version: 3, words: '' })
  const then = await open([{ ...own, review: asked3 }, version(2)])
  expect(then.wrapper.get('[data-testid=rule-review]').text()).toContain('请另一位主管')
  expect(then.wrapper.find('[data-testid=review-yes]').exists()).toBe(false)
})

it('saves an older version as the newest', async () => {
  vi.stubGlobal('confirm', () => true)
  const quiet = buildRule({ version: 2, live: null, counts: { ...rule.counts, running: 0 } })
  const { wrapper, asked } = await open(
    [version(2, { live: false, running: 0 }), version(1)],
    { 'PUT /api/rules/r1': { body: { ...quiet, version: 3 } } },
    quiet,
  )
  await wrapper.get('[data-testid=version-back]').trigger('click')
  await flushPromises()
  const { limits, ...input } = buildRuleInput()
  expect(asked.find(({ method }) => method === 'PUT')?.body).toMatchObject({
    ...input,
    limits: { ...limits, holdoutPercent: 10 },
    version: 2,
    running: 'finish',
  })
})
