import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
let chat: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  chat = String((await sandbox.act('groups', { name: 'VIP', owner: 'lina', kind: 'customer' }))['chat_id'])
})
afterEach(() => sandbox.close())

const api = (path: string, body: object) => sandbox.post(`externalcontact/${path}`, body)
const joinWay = (more: object = {}) => api('groupchat/add_join_way', { scene: 2, chat_id_list: [chat], ...more })
const scan = async (state: string) => sandbox.act('join-scan', { state, external_userid: await sandbox.customer() })

test('a scanned join way leads into its group, with its state', async () => {
  const receiver = await sandbox.receiver()
  await joinWay({ state: 'poster' })
  expect(await scan('poster')).toMatchObject({ chat_id: chat })
  expect((await receiver.until(1))[0]?.xml).toContain('<JoinScene>3</JoinScene>')
  expect((await api('groupchat/get', { chat_id: chat }))['group_chat']).toMatchObject({
    member_list: [{ userid: 'lina' }, { type: 2, join_scene: 3, state: 'poster' }],
  })
})

test('a full group is followed by the next, then by new ones of the platform’s making', async () => {
  const { chat_id: second } = await sandbox.act('groups', { name: '二群', owner: 'lina', kind: 'customer' })
  await sandbox.act('limits', { groupSizeByCode: 2 }, 'PUT')
  await joinWay({ state: 's', chat_id_list: [chat, second], room_base_name: '福利群', room_base_id: 7 })
  const joined = [await scan('s'), await scan('s'), await scan('s'), await scan('s')]
  expect(joined.map((one) => one['name'])).toEqual(['VIP', '二群', '福利群7', '福利群8'])
  await joinWay({ state: 'fixed', auto_create_room: 0 })
  await expect(scan('fixed')).rejects.toThrow('full')
})

test('who is in the group already does not join again', async () => {
  const { config_id } = await joinWay()
  const external_userid = await sandbox.customer()
  await sandbox.act('join-scan', { config_id, external_userid })
  await expect(sandbox.act('join-scan', { config_id, external_userid })).rejects.toThrow('already')
})

test('a group whose owner has turned a template on greets each customer by name, but no member', async () => {
  const { template_id } = await api('group_welcome_template/add', { text: { content: '欢迎 %NICKNAME%！' } })
  expect(await sandbox.ledger('to=lina&via=notice')).toHaveLength(1)
  await scanInto('未启用')
  await sandbox.act(`groups/${chat}/welcome`, { template_id })
  await scanInto('王小明')
  await sandbox.member('wang')
  await sandbox.act(`groups/${chat}/join`, { id: 'wang' })
  expect(await sandbox.ledger(`to=${chat}`)).toMatchObject([
    { via: 'group_welcome', from: 'lina', text: '欢迎 王小明！' },
  ])
  await sandbox.act(`groups/${chat}/welcome`, { template_id: null })
  await scanInto('李雷')
  expect(await sandbox.ledger(`to=${chat}`)).toHaveLength(1)
})

const scanInto = async (name: string) =>
  sandbox.act(`groups/${chat}/join`, { id: await sandbox.customer(name), scene: 3 })

test('templates: of several attachments one counts; only so many', async () => {
  const link = { title: '看看', url: 'https://a' }
  const miniprogram = { title: '商城', pic_media_id: 'x', appid: 'wx1', page: 'p' }
  const { template_id } = await api('group_welcome_template/add', { link, miniprogram })
  const { errcode, errmsg, ...template } = await api('group_welcome_template/get', { template_id })
  expect({ errcode, errmsg, ...template }).toEqual({ errcode: 0, errmsg: 'ok', link })
  await sandbox.act('limits', { groupWelcomes: 1 }, 'PUT')
  expect(await api('group_welcome_template/add', { link })).toMatchObject({ errcode: 41055 })
})

test('an intercept rule stops a member’s words, phone numbers and mails, but only his, and only when it blocks', async () => {
  const { id: external_userid } = await sandbox.friends('lina')
  const rule = {
    rule_name: '规矩',
    word_list: ['返现'],
    semantics_list: [1, 2],
    applicable_range: { department_list: [1] },
  }
  const say = (text: string, from = 'member') => sandbox.act('say', { from, userid: 'lina', external_userid, text })
  const { rule_id } = await api('add_intercept_rule', { ...rule, intercept_type: 1 })
  for (const text of ['有返现', '打 13800138000', '写信 a@b.com']) await expect(say(text)).rejects.toThrow('403')
  await say('有返现吗', 'customer')
  await say('没有 138001380001 这个号')
  await api('update_intercept_rule', { rule_id, intercept_type: 2 })
  await say('有返现')
  expect(await sandbox.ledger(`to=${external_userid}`)).toHaveLength(2)
  await sandbox.act('limits', { interceptRules: 1 }, 'PUT')
  expect(await api('add_intercept_rule', { ...rule, intercept_type: 1 })).toMatchObject({ errcode: 41069 })
})

test('a group’s opengid leads to its chat_id', async () => {
  const { opengid } = await sandbox.read(`opengid?chat_id=${chat}`, z.object({ opengid: z.string() }))
  expect(await api('opengid_to_chatid', { opengid })).toMatchObject({ errcode: 0, chat_id: chat })
})
