import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
let chat: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
  chat = String((await sandbox.act('groups', { name: 'VIP', owner: 'lina', kind: 'customer' }))['chat_id'])
})
afterEach(() => sandbox.close())

const version = async () => {
  const answer = await sandbox.post('externalcontact/groupchat/get', { chat_id: chat })
  return z.object({ member_version: z.string() }).parse(answer['group_chat']).member_version
}

test('joining by the QR code: scene 3 in the event and in the API, versions before and after', async () => {
  const receiver = await sandbox.receiver()
  const customer = await sandbox.customer()
  const before = await version()
  await sandbox.act(`groups/${chat}/join`, { id: customer, scene: 3, state: 'poster' })
  const xml = (await receiver.until(1))[0]?.xml ?? ''
  for (const part of [
    '<UpdateDetail><![CDATA[add_member]]>',
    '<JoinScene>3</JoinScene><MemChangeCnt>1</MemChangeCnt>',
    `<MemChangeList><Item><![CDATA[${customer}]]></Item>`,
    `<LastMemVer><![CDATA[${before}]]>`,
    `<CurMemVer><![CDATA[${await version()}]]>`,
  ]) {
    expect(xml).toContain(part)
  }
  const answer = await sandbox.post('externalcontact/groupchat/get', { chat_id: chat })
  expect(answer['group_chat']).toMatchObject({
    member_list: [
      { userid: 'lina', type: 1 },
      { userid: customer, type: 2, join_scene: 3, state: 'poster' },
    ],
  })
})

test('an invitation is scene 0 in the event and 1 in the API', async () => {
  const receiver = await sandbox.receiver()
  await sandbox.act(`groups/${chat}/join`, { id: 'wang' })
  expect((await receiver.until(1))[0]?.xml).toContain('<JoinScene>0</JoinScene>')
  const answer = await sandbox.post('externalcontact/groupchat/get', { chat_id: chat })
  expect(answer['group_chat']).toMatchObject({ member_list: [{}, { join_scene: 1, invitor: { userid: 'lina' } }] })
})

test('leaving, renaming, handing over, dismissing: each its event', async () => {
  await sandbox.act(`groups/${chat}/join`, { id: 'wang' })
  const receiver = await sandbox.receiver()
  await sandbox.act(`groups/${chat}/change`, { name: '老客', owner: 'wang' })
  await sandbox.act(`groups/${chat}/leave`, { id: 'lina' })
  await sandbox.act(`groups/${chat}/dismiss`)
  const details = (await receiver.until(4)).map(
    (one) => /<(?:UpdateDetail|ChangeType)><!\[CDATA\[(?!update\])(\w+)/.exec(one.xml ?? '')?.[1],
  )
  expect(new Set(details)).toEqual(new Set(['change_name', 'change_owner', 'del_member', 'dismiss']))
  expect(await sandbox.post('externalcontact/groupchat/get', { chat_id: chat })).toMatchObject({ errcode: 90501 })
})

test('a group whose owner has left waits to be inherited', async () => {
  await sandbox.act('members/lina/leave')
  const list = (status_filter: number) => sandbox.post('externalcontact/groupchat/list', { status_filter, limit: 10 })
  expect((await list(1))['group_chat_list']).toEqual([{ chat_id: chat, status: 1 }])
  expect((await list(2))['group_chat_list']).toEqual([])
})

test('what is said in a group stands in its conversation', async () => {
  await sandbox.act('say', { from: 'member', userid: 'lina', chat_id: chat, text: '大家好' })
  expect(await sandbox.read(`chat?chat_id=${chat}`, z.array(z.looseObject({})))).toMatchObject([
    { text: '大家好', from: 'lina', via: 'chat' },
  ])
})

test('with more than 1000 members in sight the owners must be named', async () => {
  const members = Array.from({ length: 1000 }, (_, i) => `m${i}`)
  for (let at = 0; at < members.length; at += 50) {
    await Promise.all(members.slice(at, at + 50).map((id) => sandbox.member(id)))
  }
  expect(await sandbox.post('externalcontact/groupchat/list', { limit: 10 })).toMatchObject({ errcode: 81017 })
  const owner_filter = { userid_list: ['lina'] }
  expect(await sandbox.post('externalcontact/groupchat/list', { limit: 10, owner_filter })).toMatchObject({
    group_chat_list: [{ chat_id: chat }],
  })
})
