import { expect, it } from 'vitest'
import type { Attachment } from '@zhiyin/shared/content'
import { appMessagesOf, robotMessagesOf } from './body-messages.ts'

const link: Attachment = { type: 'link', title: '新品', url: 'https://a.example/' }
const picture: Attachment = { type: 'image', assetId: 'ast_1', name: '海报.png' }
const news = { kind: 'news', articles: [{ title: '新品', url: 'https://a.example/' }] }
const file = { kind: 'image', assetId: 'ast_1', name: '海报.png' }

it.each([
  ['a link alone', [link], [news]],
  ['a picture alone', [picture], [file]],
  ['several', [link, picture], [news, file]],
])('%s, without words, is said without an empty text', (_what, attachments, said) => {
  expect(robotMessagesOf({ text: '', attachments })).toEqual(said)
  expect(appMessagesOf({ text: '', attachments })).toEqual(said)
})

it('words come before what goes with them', () => {
  const body = { text: '看看', attachments: [picture] }
  expect(robotMessagesOf(body)).toEqual([{ kind: 'text', text: '看看', mentions: [], mobiles: [] }, file])
  expect(appMessagesOf(body)).toEqual([{ kind: 'text', text: '看看' }, file])
})
