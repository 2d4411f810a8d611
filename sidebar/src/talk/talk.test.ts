import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
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
  await vi.waitFor(() =>
    expect(server.asked.find(({ path }) => path === '/api/talk-tracks/tlk_0/used')?.body).toEqual({
      key: expect.any(String),
    }),
  )
  expect(server.asked.find(({ path }) => path.endsWith('/said'))?.body).toMatchObject({
    text: '嫌贵：晓雯姐，您看这样好不好',
  })
  await press('talk-all')
  expect(all('talk-line')).toHaveLength(7)
})

it('takes a coupon code for the customer when a material is sent, not before', async () => {
  const { press, sent, server, find } = await mountApp()
  await press('material-open')
  await flushPromises()
  expect(find('material').textContent).toContain('含券码')
  expect(server.count('POST /api/customers/c1/materials/cnt_1')).toBe(0)
  await press('material-send')
  await flushPromises()
  expect(sent).toEqual(['您的券 ZY-1'])
  await vi.waitFor(() =>
    expect(server.asked.find(({ path }) => path.endsWith('/said'))?.body).toMatchObject({ contentId: 'cnt_1' }),
  )
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
  expect(find('material').textContent).toContain('券码已发完')
})
