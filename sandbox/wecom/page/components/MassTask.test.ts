// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { type Company, createApi, type Task } from '../data/api.ts'
import { createCaller } from '../data/call.ts'
import { provideDesk } from '../data/desk.ts'
import MassPane from './MassPane.vue'

const NOW = Date.UTC(2026, 7, 3, 6)
const customer = (external_userid: string, name: string) => ({ external_userid, name, gender: 0, avatar: '', type: 1 })
const company: Company = {
  corpId: 'ww1',
  now: NOW,
  members: [{ userid: 'lina', name: '李娜', department: [1], leader: false, avatar: '' }],
  customers: [customer('wm1', '林晓雯'), customer('wm2', '王芳')],
  relations: [],
  groups: [],
  contactWays: [],
  joinWays: [],
  departments: [],
  tags: [],
  app: { agentId: '1', callbackUrl: '', sidebarUrl: '', trustedDomain: '', botUrl: '' },
}
const task = (over: Partial<Task>): Task => ({
  msgid: 'msg1',
  userid: 'lina',
  chat_type: 'single',
  text: '本周会员日',
  attachments: [{ msgtype: 'link', link: { title: '会员日专享', url: 'https://shop.example.com' } }],
  external_userids: ['wm1', 'wm2'],
  chat_ids: [],
  status: 'waiting',
  create_time: NOW,
  allow_select: false,
  ...over,
})

let tasks: Task[]
let confirmed: unknown[]
let refuse: boolean
let wrapper: VueWrapper

/** The stand-in, as far as this pane asks it. */
async function answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const path = (input instanceof Request ? input.url : input.toString()).replace('/sandbox/api/', '')
  if (path === 'state') return Response.json(company)
  if (path.startsWith('tasks?')) return Response.json(tasks)
  if (!path.endsWith('/confirm')) return Response.json([])
  if (refuse) return Response.json({ error: 'quota used' }, { status: 409 })
  confirmed.push([path, init?.body])
  tasks = tasks.map((one) => ({ ...one, status: 'sent' }))
  return Response.json({ msgid: 'msg1', userid: 'lina', results: { wm1: 1, wm2: 3 } })
}

beforeEach(async () => {
  tasks = [task({})]
  confirmed = []
  refuse = false
  history.replaceState(null, '', '/?as=lina&chat=mass')
  await open()
})
afterEach(() => wrapper.unmount())

async function open() {
  const Shell = defineComponent({
    setup() {
      const desk = provideDesk(createApi(createCaller(answer)))
      return () => [h(MassPane), h('p', { id: 'toast' }, desk.toast.message.value?.text)]
    },
  })
  wrapper = mount(Shell)
  await vi.waitFor(() => expect(wrapper.find('[data-testid=mass-task]').exists()).toBe(true), 10_000)
}

it('shows what goes to whom', () => {
  const text = wrapper.get('[data-testid=mass-task]').text()
  for (const word of ['发给 2 位客户', '待发送', '林晓雯、王芳', '本周会员日', '会员日专享'])
    expect(text).toContain(word)
})

it('sends once, on the press of the button, and shows that it is sent', async () => {
  await wrapper.get('[data-testid=mass-confirm]').trigger('click')
  expect(wrapper.get('[data-testid=mass-confirm]').attributes('disabled')).toBeDefined()
  await vi.waitFor(() => expect(wrapper.find('[data-testid=mass-confirm]').exists()).toBe(false), 10_000)
  expect(confirmed).toEqual([['tasks/msg1/confirm', '{"userid":"lina"}']])
  expect(wrapper.get('[data-testid=mass-task]').attributes('data-status')).toBe('sent')
})

it('says who has it, and who has not and why', async () => {
  await wrapper.get('[data-testid=mass-confirm]').trigger('click')
  await vi.waitFor(() => expect(wrapper.get('#toast').text()).toBe('1 位已收到，1 位今天已收过群发'), 10_000)
})

it('leaves customers out where the message allows it', async () => {
  wrapper.unmount()
  tasks = [task({ allow_select: true })]
  await open()
  await wrapper.get('[data-testid=target-wm1]').setValue(false)
  expect(wrapper.get('[data-testid=mass-confirm]').text()).toBe('发送给 1 位')
  await wrapper.get('[data-testid=mass-confirm]').trigger('click')
  await flushPromises()
  expect(confirmed).toEqual([['tasks/msg1/confirm', '{"userid":"lina","external_userids":["wm2"]}']])
})

it('says why the stand-in refused, and can be pressed again', async () => {
  refuse = true
  await wrapper.get('[data-testid=mass-confirm]').trigger('click')
  await flushPromises()
  expect(wrapper.get('#toast').text()).toContain('quota used')
  expect(wrapper.get('[data-testid=mass-confirm]').attributes('disabled')).toBeUndefined()
})
