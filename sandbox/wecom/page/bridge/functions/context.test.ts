// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import type { Entry } from '../host.ts'
import { type Client, endOf, openClient } from '../testing/client.ts'

const noContext = (name: string) => ({ errMsg: `${name}:fail without context of external contact`, errCode: -1 })
let client: Client
beforeEach(async () => {
  client = await openClient()
  client.register()
})

it.each<Entry>([
  'single_chat_tools',
  'group_chat_tools',
  'internal_group_chat_board',
  'chat_attachment',
  'contact_profile',
  'normal',
])('getContext tells the entry %s', async (entry) => {
  client.entry = entry
  await expect(client.ww.getContext()).resolves.toMatchObject({ entry, errCode: 0 })
})

it.each<[Entry, object]>([
  ['single_chat_tools', { userId: 'wm1' }],
  ['contact_profile', { userId: 'wm1' }],
  ['chat_attachment', noContext('getCurExternalContact')],
  ['group_chat_tools', noContext('getCurExternalContact')],
  ['normal', noContext('getCurExternalContact')],
])('getCurExternalContact from %s', async (entry, end) => {
  client.entry = entry
  expect(await endOf(client.ww.getCurExternalContact())).toMatchObject(end)
})

it.each<[Entry, object]>([
  ['group_chat_tools', { chatId: 'wr1' }],
  ['internal_group_chat_board', noContext('getCurExternalChat')],
  ['single_chat_tools', noContext('getCurExternalChat')],
])('getCurExternalChat from %s', async (entry, end) => {
  client.entry = entry
  expect(await endOf(client.ww.getCurExternalChat())).toMatchObject(end)
})

it.each<[string, Entry, string[], string, unknown[]]>([
  ['hides the button', 'chat_attachment', ['sendMessage'], 'ok', [['hideAttachmentMenu', ['sendMessage']]]],
  ['knows no other button', 'chat_attachment', ['close'], 'invalid menulist', []],
  ['works there alone', 'single_chat_tools', ['sendMessage'], 'without context of chatattachment', []],
])('hideChatAttachmentMenu %s', async (_case, entry, menuList, ending, acts) => {
  client.entry = entry
  const { errMsg } = await client.ww.hideChatAttachmentMenu({ menuList }).catch((error: { errMsg: string }) => error)
  expect(errMsg).toBe(`hideChatAttachmentMenu:${ending}`)
  expect(client.acts).toEqual(acts)
})
