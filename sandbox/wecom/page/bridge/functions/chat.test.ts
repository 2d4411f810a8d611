// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { type Client, endOf, openClient } from '../testing/client.ts'

let client: Client
beforeEach(async () => {
  client = await openClient()
  client.entry = 'normal'
  client.register()
})
const link = { url: 'https://a.example.com', title: '指南' }

it('openEnterpriseChat opens a group that is there', async () => {
  await expect(client.ww.openEnterpriseChat({ chatId: 'wr1' })).resolves.toMatchObject({ chatId: 'wr1' })
  expect(client.acts).toEqual([['openChat', { chat_id: 'wr1' }]])
})

it('openEnterpriseChat with one customer is the chat with them', async () => {
  await client.ww.openEnterpriseChat({ externalUserIds: ['wm2'] })
  expect(client.acts).toEqual([['openChat', { external_userid: 'wm2' }]])
})

it('openEnterpriseChat makes a group of several, and opens it', async () => {
  const people = { groupName: '新群', userIds: ['zhangwei'], externalUserIds: ['wm1', 'wm2'] }
  await expect(client.ww.openEnterpriseChat(people)).resolves.toMatchObject({ chatId: 'wr2' })
  expect(client.acts).toEqual([
    ['createChat', '新群', ['zhangwei'], ['wm1', 'wm2']],
    ['openChat', { chat_id: 'wr2' }],
  ])
})

it.each([
  ['a stranger', { externalUserIds: ['wm9'] }, 'fail no permission'],
  ['another’s group', { chatId: 'wr9' }, 'fail no permission'],
  ['nobody', {}, 'fail invalid parameter'],
  [
    'more than 40 with a WeChat contact',
    { externalUserIds: Array.from({ length: 41 }, () => 'wm1') },
    'fail invalid parameter',
  ],
  [
    'more than 500 with other companies',
    { externalUserIds: Array.from({ length: 501 }, () => 'wm3') },
    'fail invalid parameter',
  ],
  ['more than 2,000 colleagues', { userIds: Array.from({ length: 2001 }, () => 'lina') }, 'fail invalid parameter'],
])('openEnterpriseChat refuses %s', async (_case, params, ending) => {
  expect(await endOf(client.ww.openEnterpriseChat(params))).toMatchObject({ errMsg: `openEnterpriseChat:${ending}` })
  expect(client.acts).toEqual([])
})

it('openEnterpriseChat lets 41 people of other companies meet', async () => {
  await client.ww.openEnterpriseChat({ externalUserIds: Array.from({ length: 41 }, () => 'wm3') })
  expect(client.acts).toHaveLength(2)
})

it('openExistedChatWithMsg puts the link in and opens the chat', async () => {
  await client.ww.openExistedChatWithMsg({ chatId: 'wr1', msg: { msgtype: 'link', link } })
  expect(client.acts.map(([name]) => name)).toEqual(['say', 'openChat'])
  expect(client.acts[0]?.[2]).toMatchObject({ msgtype: 'link', content: { link } })
})

it.each([
  ['another’s group', { chatId: 'wr9' }, 'fail no permission'],
  ['a link without address', { chatId: 'wr1', msg: { msgtype: 'link', link: {} } }, 'msglinkmissingurl'],
  ['another message', { chatId: 'wr1', msg: { msgtype: 'text', text: { content: 'x' } } }, 'unsupportedmsgtype'],
])('openExistedChatWithMsg refuses %s', async (_case, params, ending) => {
  await client.ww.ensureAgentConfigReady()
  expect(await endOf(client.ww.invoke('openExistedChatWithMsg', params))).toMatchObject({
    errMsg: `openExistedChatWithMsg:${ending}`,
  })
  expect(client.acts).toEqual([])
})

it('updateEnterpriseChat adds colleagues, and no strangers', async () => {
  await client.ww.updateEnterpriseChat({ chatId: 'wr1', userIdsToAdd: ['zhangwei'] })
  expect(client.acts).toEqual([['addToChat', 'wr1', ['zhangwei']]])
  expect(await endOf(client.ww.updateEnterpriseChat({ chatId: 'wr1', userIdsToAdd: ['wm1'] }))).toMatchObject({
    errMsg: 'updateEnterpriseChat:fail no permission',
  })
})

it('createChatWithMsg is for third-party apps', async () => {
  expect(await endOf(client.ww.createChatWithMsg({ chatName: '群', selectedOpenUserIds: 'wo1' }))).toMatchObject({
    errMsg: 'createChatWithMsg:fail no permission',
  })
})
