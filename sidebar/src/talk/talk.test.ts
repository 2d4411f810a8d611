import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { buildSuggestion, buildTask } from '../testing/build.ts'
import { Refusal } from '../testing/fakeServer.ts'
import { fullServer, mountApp } from '../testing/mountApp.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

it('puts a talk track into the chat with one press, records it and counts it', async () => {
  const { all, press, sent, server } = await mountApp()
  expect(all('talk-line').map((line) => line.textContent)).toHaveLength(3)
  expect(all('talk-line')[0]?.textContent).toContain('嫌贵')
  await press('talk-send')
  expect(sent).toEqual(['嫌贵：晓雯姐，您看这样好不好'])
  await vi.waitFor(
    () =>
      expect(server.asked.find(({ path }) => path === '/api/talk-tracks/tlk_0/used')?.body).toEqual({
        key: expect.any(String),
      }),
    10_000,
  )
  expect(server.asked.find(({ path }) => path.endsWith('/said'))?.body).toMatchObject({
    text: '嫌贵：晓雯姐，您看这样好不好',
  })
})

it('has a place of its own for what to say: by situation, and by whom it is written for', async () => {
  const { all, find, press } = await mountApp()
  await press('talk-all')
  expect(find('talk-screen').textContent).toContain('林晓雯')
  const shown = () => [...find('talk-screen').querySelectorAll('[data-testid="talk-line"] b')].map((b) => b.textContent)
  const groups = () => all('talk-group').map((group) => group.querySelector('h3')?.textContent)
  expect(shown()).toEqual(['嫌贵', '生日', '售后', '打招呼'])
  expect(groups()).toEqual(['嫌贵', '到店'])
  expect(find('talk-group').textContent).toContain('A')
  await press('talk-fits')
  expect(shown()).toEqual(['嫌贵'])
  all('talk-situation')[1]?.click()
  await flushPromises()
  expect(shown()).toEqual(['生日', '售后', '打招呼'])
})

it('lists what waits for the rep, says it with one press, and the tasks beside it', async () => {
  const answers = fullServer()
  const waiting = buildSuggestion('周末见', { id: 'intent:int_1', intentId: 'int_1' })
  answers.on('GET /api/customers/c1/suggestions', () => ({ items: [waiting, buildSuggestion('二')] }))
  const confirm = buildTask({ id: 'k3', kind: 'confirm_mass', title: '确认群发「周末见」' })
  answers.on('GET /api/tasks', () => ({ items: [buildTask(), confirm], next: null }))
  const { find, all, press, sent, server } = await mountApp(answers)
  await press('tab-talk')
  expect(find('segment-waiting').textContent).toContain('1')
  await press('segment-waiting')
  expect(all('waiting-line')).toHaveLength(1)
  expect(find('talk-screen').textContent).toContain('确认群发「周末见」')
  await press('waiting-send')
  expect(sent).toEqual(['晓雯姐，周末见'])
  await vi.waitFor(
    () => expect(server.asked.find(({ path }) => path.endsWith('/said'))?.body).toMatchObject({ intentId: 'int_1' }),
    10_000,
  )
  await press('segment-tasks')
  expect(find('talk-screen').textContent).toContain('跟进林晓雯')
  expect(find('talk-screen').textContent).not.toContain('确认群发')
})

it('takes a coupon code for the customer when a material is sent, not before', async () => {
  const { press, sent, server, find } = await mountApp()
  await press('material-open')
  await flushPromises()
  expect(find('material-line').textContent).toContain('含券码')
  expect(server.count('POST /api/customers/c1/materials/cnt_1')).toBe(0)
  await press('material-send')
  await flushPromises()
  expect(sent).toEqual(['您的券 ZY-1'])
  await vi.waitFor(
    () => expect(server.asked.find(({ path }) => path.endsWith('/said'))?.body).toMatchObject({ contentId: 'cnt_1' }),
    10_000,
  )
})

it('offers the attachments of a material without words, each by a press of its own', async () => {
  const answers = fullServer()
  const link = { type: 'link' as const, title: '秋季指南', url: 'https://a.example/' }
  const material = { contentId: 'cnt_2', name: '图文', folder: '', coupon: false }
  answers.on('GET /api/customers/c1/materials', () => ({
    items: [{ ...material, body: { text: '', attachments: [link] } }],
  }))
  const { press, all, sent } = await mountApp(answers)
  await press('material-open')
  await flushPromises()
  expect(all('material-send')).toHaveLength(0)
  await press('attachment-send')
  expect(sent).toEqual([expect.stringContaining('秋季指南')])
})

it('says why a material cannot be sent, and sends nothing', async () => {
  const answers = fullServer()
  answers.on('POST /api/customers/c1/materials/cnt_1', () => {
    throw new Refusal(409, 'content.no_coupon')
  })
  const { press, sent, find } = await mountApp(answers)
  await press('material-open')
  await flushPromises()
  await press('material-send')
  await flushPromises()
  expect(sent).toEqual([])
  expect(find('material-line').textContent).toContain('券码已发完')
})
