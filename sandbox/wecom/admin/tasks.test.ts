import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { MassTask } from './contract.ts'

let sandbox: Sandbox
let ids: string[]
const offer = async (more: object = {}) => {
  const asked = { external_userid: ids, sender: 'lina', text: { content: '会员日' }, ...more }
  return String((await sandbox.post('externalcontact/add_msg_template', asked))['msgid'])
}
const confirm = (msgid: string, external_userids: string[]) =>
  sandbox.act(`tasks/${msgid}/confirm`, { userid: 'lina', external_userids })

beforeAll(async () => {
  sandbox = await startSandbox({ massPerDay: 9 })
  await sandbox.member('lina')
  ids = [(await sandbox.friends('lina', '林晓雯')).id, (await sandbox.friends('lina', '徐静')).id]
})
afterAll(() => sandbox.close())

test('where the message allows it the member leaves customers out: they stay at "not sent"', async () => {
  const [first = '', second = ''] = ids
  const msgid = await offer({ allow_select: true })
  expect(await sandbox.read('tasks?userid=lina', z.array(MassTask))).toMatchObject([{ msgid, allow_select: true }])
  await confirm(msgid, [second])
  expect(await sandbox.ledger('via=mass')).toMatchObject([{ to: { id: second } }])
  const { send_list } = await sandbox.post('externalcontact/get_groupmsg_send_result', { msgid, userid: 'lina' })
  expect(send_list).toMatchObject([
    { external_userid: first, status: 0 },
    { external_userid: second, status: 1 },
  ])
})

test('nobody is left out elsewhere, and nobody is added', async () => {
  const [first = ''] = ids
  await expect(confirm(await offer(), [first])).rejects.toThrow(/all or nobody/)
  await expect(confirm(await offer({ allow_select: true }), [first, 'wmSTRANGER'])).rejects.toThrow(/of the task/)
})

test('a member’s own mass message carries attachments, to customers or to groups', async () => {
  const link = { msgtype: 'link', link: { title: '会员日', url: 'https://shop.example.com' } }
  const { results } = await sandbox.act('mass', { userid: 'lina', external_userids: ids, attachments: [link] })
  expect(results).toEqual(Object.fromEntries(ids.map((id) => [id, 1])))
  const { chat_id } = await sandbox.act('groups', { name: '福利群', owner: 'lina', kind: 'customer' })
  await sandbox.act('mass', { userid: 'lina', chat_ids: [chat_id], text: '群里见' })
  expect(await sandbox.ledger('via=group_mass')).toMatchObject([{ to: { id: chat_id }, text: '群里见' }])
  const both = { userid: 'lina', chat_ids: [chat_id], external_userids: ids, text: '?' }
  await expect(sandbox.act('mass', both)).rejects.toThrow(/customers or groups/)
})

test('a member’s own moment carries attachments; customers see it', async () => {
  const link = { msgtype: 'link', link: { title: '指南', url: 'https://shop.example.com' } }
  await sandbox.act('moments', { userid: 'lina', attachments: [link] })
  const seen = await sandbox.ledger('via=moment')
  expect(seen.map(({ to }) => to.id).sort()).toEqual([...ids].sort())
  expect(seen[0]?.content).toMatchObject({ attachments: [link] })
  await expect(sandbox.act('moments', { userid: 'lina' })).rejects.toThrow(/text or attachments/)
})

test('a customer scans a group’s code and is in', async () => {
  const [first = ''] = ids
  const { chat_id } = await sandbox.act('groups', { name: '新客群', owner: 'lina', kind: 'customer' })
  const made = await sandbox.post('externalcontact/groupchat/add_join_way', { scene: 2, chat_id_list: [chat_id] })
  const { joinWays } = await sandbox.state()
  expect(joinWays).toMatchObject([{ config_id: made['config_id'], chat_id_list: [chat_id] }])
  const act = { config_id: made['config_id'], external_userid: first }
  expect(await sandbox.act('groups/scan', act)).toMatchObject({ chat_id })
  await expect(sandbox.act('groups/scan', act)).rejects.toThrow(/already/)
})

test('a picture of a member’s device becomes a media_id that everybody in the chat can see', async () => {
  const base64 = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')
  const { media_id } = await sandbox.act('media', { filename: '皮肤.png', mime: 'image/png', base64 })
  const shown = await fetch(`${sandbox.url}/sandbox/api/media/${String(media_id)}`)
  expect(shown.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await shown.arrayBuffer()).toString('base64')).toBe(base64)
  await expect(sandbox.act('media', { filename: 'x.exe', base64 })).rejects.toThrow(/filename/)
})
