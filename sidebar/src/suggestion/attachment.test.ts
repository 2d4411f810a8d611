import { attachmentName, type Attachment } from '@zhiyin/shared/content'
import { describe, expect, it } from 'vitest'
import { fakeServer, Refusal } from '../testing/fakeServer.ts'
import { chatMessageOf } from './attachment.ts'
import { useSend } from './useSend.ts'

const asset = { assetId: 'a1', name: '手册.pdf' }
const setUp = () =>
  fakeServer({
    'POST /api/media/a1/chat': () => ({ mediaId: 'M1' }),
    'POST /api/media/a1/picture': () => ({ url: 'https://wework.example/p.png' }),
    'POST /api/customers/c1/said': () => ({ ok: true }),
  })

describe('an attachment in the chat', () => {
  it.each<[Attachment, unknown]>([
    [
      { type: 'image', ...asset },
      { msgtype: 'image', image: { mediaid: 'M1' } },
    ],
    [
      { type: 'video', ...asset },
      { msgtype: 'video', video: { mediaid: 'M1' } },
    ],
    [
      { type: 'file', ...asset },
      { msgtype: 'file', file: { mediaid: 'M1' } },
    ],
    [
      { type: 'link', title: '店铺', url: 'https://a.example/' },
      { msgtype: 'news', news: { link: 'https://a.example/', title: '店铺', desc: '', imgUrl: '' } },
    ],
    [
      { type: 'miniprogram', title: '会员卡', appid: 'wx1', page: 'pages/card?x=1', ...asset },
      {
        msgtype: 'miniprogram',
        miniprogram: {
          appid: 'wx1',
          title: '会员卡',
          imgUrl: 'https://wework.example/p.png',
          page: 'pages/card.html?x=1',
        },
      },
    ],
  ])('%j goes in the client’s own shape', async (attachment, message) => {
    expect(await chatMessageOf(attachment, setUp().call)).toEqual(message)
  })

  it('is recorded by its name, and says so when the file cannot be had', async () => {
    const server = setUp()
    const sent: unknown[] = []
    const { send, state } = useSend({
      call: server.call,
      wecom: {
        sendText: () => Promise.reject(new Error('no text')),
        sendMessage: async (message) => void sent.push(message),
      },
      stillHere: () => Promise.resolve(true),
      onRecorded: () => undefined,
    })
    const attachment: Attachment = { type: 'file', ...asset }
    const saying = {
      customerId: 'c1',
      text: `[文件] ${attachmentName(attachment)}`,
      message: () => chatMessageOf(attachment, server.call),
    }
    await send(saying)
    expect(sent).toEqual([{ msgtype: 'file', file: { mediaid: 'M1' } }])
    expect(server.asked.at(-1)?.body).toMatchObject({ text: '[文件] 手册.pdf' })
    server.on('POST /api/media/a1/chat', () => {
      throw new Refusal(503, 'media.not_ready')
    })
    await send(saying)
    expect(state.value).toMatchObject({ kind: 'failed', fault: 'other' })
    expect(sent).toHaveLength(1)
  })
})
