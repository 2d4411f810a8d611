import { expect, it } from 'vitest'
import type { Company, Line } from './api.ts'
import { conversationsOf, newestOf } from './conversations.ts'
import { buildDirectory } from './directory.ts'

const person = (external_userid: string, name: string) => ({ external_userid, name, gender: 0, avatar: '', type: 1 })
const pair = (external_userid: string, createtime: number, remark = '') => ({
  userid: 'lina',
  external_userid,
  createtime,
  remark,
  description: '',
  tags: [],
  add_way: 1,
  customerDeleted: false,
})
const company: Company = {
  corpId: 'ww1',
  now: 0,
  members: [{ userid: 'lina', name: '李娜', department: [1], leader: false, avatar: '' }],
  customers: [person('wm1', '林晓雯'), person('wm2', '王芳')],
  relations: [pair('wm1', 10, '晓雯姐'), pair('wm2', 20)],
  groups: [],
  contactWays: [],
  joinWays: [],
  departments: [],
  tags: [],
  app: { agentId: '1', callbackUrl: '', sidebarUrl: '', trustedDomain: '', botUrl: '' },
}
const line = (from: string, to: Line['to'], text: string, at: number, via: Line['via'] = 'chat'): Line => ({
  id: String(at),
  at,
  to,
  from,
  via,
  msgtype: 'text',
  text,
  content: {},
  request: '',
})
const arrivals = [
  line('wm1', { kind: 'member', id: 'lina' }, '在吗', 30),
  line('lina', { kind: 'customer', id: 'wm1' }, '在', 31),
  line('wm1', { kind: 'member', id: 'lina' }, '好', 5),
  line('1', { kind: 'member', id: 'lina' }, '待办', 40, 'app'),
  line('lina', { kind: 'app', id: '1' }, '收到', 41),
  line('zhangwei', { kind: 'customer', id: 'wm1' }, '别人的', 50),
].map((one, index) => ({ seq: index + 1, line: one }))
const none = { preview: '', unread: 0 }
const titles = { app: '应用消息', mass: '群发助手', notice: '系统通知', moments: '朋友圈' }
const list = (me: string, seen = new Map<string, number>()) =>
  conversationsOf(buildDirectory(company), me, newestOf(arrivals, { me, agentId: '1' }, seen, 0), titles, {
    mass: none,
    moments: none,
  }).map(({ id, title, preview, unread }) => [id, title, preview, unread])

it('shows a rep their customers under the remark, newest first, with what is unread', () => {
  expect(list('lina')).toEqual([
    ['mass', '群发助手', '', 0],
    ['moments', '朋友圈', '', 0],
    ['app', '应用消息', '收到', 1],
    ['wm2', '王芳', '', 0],
    ['wm1', '晓雯姐', '好', 2],
  ])
})

it('counts by arrival, for the clock can jump back', () => {
  expect(list('lina', new Map([['wm1', 1]])).at(-1)).toEqual(['wm1', '晓雯姐', '好', 1])
})

it('shows a customer their reps', () => {
  expect(list('wm1')).toEqual([['lina', '李娜', '好', 1]])
})
