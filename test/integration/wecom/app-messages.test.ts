import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LedgerEntry } from '../../../sandbox/wecom/admin/contract.ts'
import type { Card } from '@zhiyin/shared/card'
import type { AppWire, Wecom } from '../../../server/wecom/types.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
let wecom: Wecom

const entries = async (to: string) => z.array(LedgerEntry).parse(await world.look(`ledger?to=${to}&via=app`))
const to = (userids: readonly string[], message: AppWire) => wecom.write.sendAppMessage({ userids, message })
const title = { main_title: { title: '请跟进' } }
const action = { card_action: { type: 1, url: 'https://example.com/' } }
const option = [
  { id: 'a', text: '甲' },
  { id: 'b', text: '乙' },
]
const submit_button = { text: '提交', key: 'ok' }
const buttons: Card = {
  card_type: 'button_interaction',
  ...title,
  task_id: 'task-1',
  button_list: [{ text: '完成', key: 'done' }],
}

beforeAll(() => {
  wecom = world.adapter()
})

describe('the app says', () => {
  const article = {
    title: '周报',
    url: 'https://example.com/',
    description: '本周',
    picurl: 'https://example.com/p.png',
  }
  it.each([
    ['text', { kind: 'text', text: '你好 <a href="https://example.com/">看</a>' }],
    ['markdown', { kind: 'markdown', text: '**你好**' }],
    ['textcard', { kind: 'textcard', title: '待办', description: '三条', url: 'https://example.com/', button: '去看' }],
    ['news', { kind: 'news', articles: [article] }],
    ['text_notice', { kind: 'card', card: { card_type: 'text_notice', ...title, ...action } }],
    [
      'news_notice',
      {
        kind: 'card',
        card: { card_type: 'news_notice', ...title, ...action, card_image: { url: 'https://example.com/p.png' } },
      },
    ],
    ['button_interaction', { kind: 'card', card: buttons }],
    [
      'vote_interaction',
      {
        kind: 'card',
        card: {
          card_type: 'vote_interaction',
          ...title,
          task_id: 'vote-1',
          checkbox: { question_key: 'q', option_list: option },
          submit_button,
        },
      },
    ],
    [
      'multiple_interaction',
      {
        kind: 'card',
        card: {
          card_type: 'multiple_interaction',
          ...title,
          task_id: 'multi-1',
          select_list: [{ question_key: 'q', option_list: option }],
          submit_button,
        },
      },
    ],
  ] satisfies [string, AppWire][])('%s', async (name, message) => {
    const { sent, invalid } = await to(['lina'], message)
    expect(invalid).toEqual([])
    expect(sent).toHaveLength(1)
    const asks = name.endsWith('_interaction')
    expect(sent[0]?.responseCode).toEqual(asks ? expect.any(String) : null)
    const found = (await entries('lina')).find(({ request }) => request === sent[0]?.msgid)
    expect(found).toMatchObject({ msgtype: message.kind === 'card' ? 'template_card' : message.kind })
  })

  it.each(['image', 'file', 'voice', 'video'] as const)('%s by its media_id', async (kind) => {
    const files = {
      image: { name: 'a.png', mime: 'image/png', bytes: Buffer.from('89504e470d0a1a0a0000000d', 'hex') },
      file: { name: 'a.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF-1.4 x') },
      voice: { name: 'a.amr', mime: 'audio/amr', bytes: Buffer.from('#!AMR\n0000') },
      video: { name: 'a.mp4', mime: 'video/mp4', bytes: Buffer.from('0000001866747970', 'hex') },
    }
    const mediaId = await wecom.media.uploadMedia(kind, files[kind])
    await to(['lina'], kind === 'video' ? { kind, mediaId, title: '上新' } : { kind, mediaId })
    expect((await entries('lina')).at(-1)).toMatchObject({ msgtype: kind, content: { [kind]: { media_id: mediaId } } })
  })
})

describe('members', () => {
  it('who cannot be reached are noticed one by one, however WeCom spells them', async () => {
    const { sent, invalid } = await to(['lina', 'NoBody', 'WangWei'], { kind: 'text', text: '谁在' })
    expect(sent).toHaveLength(1)
    expect(invalid).toEqual(['NoBody'])
    expect(await to(['NoBody'], { kind: 'text', text: '谁在' })).toEqual({ sent: [], invalid: ['NoBody'] })
  })

  it('over a thousand are written to in several messages, and none is lost', async () => {
    const strangers = Array.from({ length: 1500 }, (_, index) => `x${index}`)
    const before = await world.calls('/cgi-bin/message/send')
    const { sent, invalid } = await to([...strangers.slice(0, 1200), 'lina', ...strangers.slice(1200), 'wangwei'], {
      kind: 'text',
      text: '通知',
    })
    expect(sent).toHaveLength(1)
    expect(invalid).toHaveLength(1500)
    expect(await world.calls('/cgi-bin/message/send')).toBe(before + 2)
    for (const userid of ['lina', 'wangwei'])
      expect((await entries(userid)).filter(({ text }) => text === '通知')).toHaveLength(1)
  })

  it('get the same message once, however often it is sent', async () => {
    for (let times = 0; times < 3; times += 1) await to(['wangwei'], { kind: 'text', text: '只此一次' })
    expect((await entries('wangwei')).filter(({ text }) => text === '只此一次')).toHaveLength(1)
  })
})

describe('what was sent', () => {
  it('is updated once by its code', async () => {
    const { sent } = await to(['lina'], { kind: 'card', card: { ...buttons, task_id: 'task-2' } })
    const code = sent[0]?.responseCode ?? ''
    const card: Card = { card_type: 'text_notice', main_title: { title: '已完成' }, ...action }
    await wecom.write.updateCard({ userids: ['lina'], code, card })
    const [entry] = (await entries('lina')).filter(({ request }) => request === sent[0]?.msgid)
    expect(entry?.content).toMatchObject({ template_card: { main_title: { title: '已完成' } } })
    await expect(wecom.write.updateCard({ userids: ['lina'], code, card })).rejects.toMatchObject({ errcode: 60140 })
  })

  it('is recalled within a day', async () => {
    const { sent } = await to(['lina'], { kind: 'text', text: '发错了' })
    const msgid = sent[0]?.msgid ?? ''
    await wecom.write.recallAppMessage(msgid)
    expect((await entries('lina')).find(({ request }) => request === msgid)?.recalled).toEqual(expect.any(Number))
    await expect(wecom.write.recallAppMessage('nothing')).rejects.toMatchObject({ kind: 'gone', errcode: 41047 })
  })

  it.each([
    ['a text over 2048 bytes', { kind: 'text', text: '好'.repeat(683) }],
    ['a card without what it asks', { kind: 'card', card: { ...buttons, task_id: 'not allowed' } }],
    [
      'nine articles',
      { kind: 'news', articles: Array.from({ length: 9 }, () => ({ title: 'a', url: 'https://a.cn/' })) },
    ],
  ] satisfies [string, AppWire][])('%s is refused before the call', async (_what, message) => {
    const before = await world.calls('/cgi-bin/message/send')
    await expect(to(['lina'], message)).rejects.toMatchObject({ kind: 'refused', errcode: 40058 })
    expect(await world.calls('/cgi-bin/message/send')).toBe(before)
  })
})
