import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mountIn } from '../testing/mount.ts'
import SegmentNewPage from './SegmentNewPage.vue'

const directory = {
  'GET /api/tags': { body: { items: [{ id: 't1', name: '敏感肌', group: '肤质', wecomId: null }] } },
  'GET /api/contents': { body: { items: [], settings: { approval: false } } },
  'GET /api/groups': { body: { items: [] } },
  'GET /api/channels': { body: { items: [], names: {} } },
  'GET /api/members': { body: { items: [], departments: [] } },
}
const vocabulary = {
  'GET /api/segments/vocabulary': {
    body: {
      attributes: [
        { key: 'city', name: '城市', nameEn: 'City', builtIn: true, layer: 'basic', type: 'text', choices: [] },
      ],
      schemes: [],
      segments: [],
    },
  },
}
const counted = (total: number, withheld = 0) => ({
  total,
  withheld,
  ms: 12,
  scoped: false,
  members: [
    {
      id: 'cus_1',
      name: '林晓雨',
      stage: 'silent',
      tier: 'A',
      since: null,
      because: [{ code: 'rule.stage_is', params: { value: 'silent' } }],
    },
  ],
})

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})
const rest = async (ms = 0) => {
  await vi.advanceTimersByTimeAsync(ms)
  await flushPromises()
}
const seen = (id: string): HTMLElement => {
  const found = document.body.querySelector<HTMLElement>(`[data-testid="${id}"]`)
  if (found === null) throw new Error(`nothing is called ${id}`)
  return found
}

it('counts while a condition is written, only when it is whole, and keeps the answer to the newest', async () => {
  let answer = 118
  const { asked } = await mountIn(
    SegmentNewPage,
    { kind: 'rule' },
    { ...directory, ...vocabulary, 'POST /api/segments/count': () => ({ body: counted(answer) }) },
  )
  await rest(10)
  expect(seen('segment-total').textContent).toContain('118')
  const counts = () => asked.filter(({ path }) => path === '/api/segments/count')
  expect(counts().map(({ body }) => body)).toEqual([{ condition: { type: 'all', of: [] } }])

  seen('clause-add').click()
  await rest(300)
  seen('clause-tag').click()
  await rest(1_000)
  // A tag is still to be chosen: there is nothing to count.
  expect(counts()).toHaveLength(1)
  expect(seen('segment-count').textContent).toContain('把条件补完整')

  answer = 7
  const chip = seen('segment-condition').querySelector<HTMLElement>('.todo .open')
  chip?.click()
  await rest(300)
  document.body.querySelector<HTMLElement>('[role="option"]')?.click()
  await rest(1_000)
  expect(counts().at(-1)?.body).toEqual({
    condition: { type: 'all', of: [{ type: 'tag', tagId: 't1', tag: '敏感肌' }] },
  })
  expect(seen('segment-total').textContent).toContain('7')
  expect(seen('segment-member').textContent).toContain('林晓雨')
  expect(seen('segment-member').textContent).toContain('阶段是「沉默」')
})

it('says how many more meet it and may not be profiled', async () => {
  await mountIn(
    SegmentNewPage,
    { kind: 'rule' },
    { ...directory, ...vocabulary, 'POST /api/segments/count': { body: counted(3, 1_200) } },
  )
  await rest(10)
  expect(seen('segment-total').textContent).toContain('3')
  expect(seen('segment-withheld').textContent).toContain('另有 1,200 人符合')
})

it('nests groups', async () => {
  await mountIn(
    SegmentNewPage,
    { kind: 'rule' },
    { ...directory, ...vocabulary, 'POST /api/segments/count': { body: counted(1) } },
  )
  await rest(10)
  seen('clause-add').click()
  await rest(300)
  seen('clause-any').click()
  await rest(300)
  const group = seen('segment-condition').querySelector('[role="group"]')
  expect(group?.getAttribute('aria-label')).toBe('任一满足')
  expect(seen('segment-count').textContent).toContain('把条件补完整')
  group?.querySelector<HTMLElement>('[data-testid="clause-add"]')?.click()
  await rest(300)
  const menus = document.body.querySelectorAll<HTMLElement>('[data-testid="clause-silent"]')
  menus[menus.length - 1]?.click()
  await rest(1_000)
  expect(seen('segment-condition').textContent).toContain('30')
  expect(seen('segment-total').textContent).toContain('1')
})
