import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LedgerEntry } from '../../../sandbox/wecom/admin/contract.ts'
import { RobotMessage } from '@zhiyin/shared/robot'
import type { RobotWire, Wecom } from '../../../server/wecom/types.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
let wecom: Wecom
let chatId = ''
let webhook = ''

/** A png of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
)
const last = async () => {
  const entries = z.array(LedgerEntry).parse(await world.look(`ledger?to=${chatId}`))
  const entry = entries.at(-1)
  if (entry === undefined) throw new Error('nothing in the ledger')
  return entry
}
/** What a form gives, as the outbox hands it on. */
const wire = (input: z.input<typeof RobotMessage>): RobotWire => {
  const message = RobotMessage.parse(input)
  if ('assetId' in message) throw new Error('a file needs its bytes')
  return message
}

beforeAll(async () => {
  wecom = world.adapter()
  const made = z.object({ chat_id: z.string() })
  chatId = made.parse(await world.act('groups', { name: '门店晨会', owner: 'lina', kind: 'internal' })).chat_id
  const robot = z.object({ webhook: z.url() })
  webhook = robot.parse(await world.act(`groups/${chatId}/robots`, { name: '播报' })).webhook
})

describe('a robot says', () => {
  const article = {
    title: '上新',
    description: '周末',
    url: 'https://example.com/a',
    picurl: 'https://example.com/a.png',
  }
  const action = { card_action: { type: 1, url: 'https://example.com/' } }
  const said: [z.input<typeof RobotMessage>, string, object][] = [
    [
      { kind: 'text', text: '早会\n十点', mentions: ['lina', '@all'], mobiles: ['13800000000'] },
      'text',
      { text: { content: '早会\n十点', mentioned_list: ['lina', '@all'], mentioned_mobile_list: ['13800000000'] } },
    ],
    [{ kind: 'markdown', text: '**新客** <@lina>' }, 'markdown', { markdown: { content: '**新客** <@lina>' } }],
    [{ kind: 'markdown_v2', text: '# 表\n|a|b|' }, 'markdown_v2', { markdown_v2: { content: '# 表\n|a|b|' } }],
    [{ kind: 'news', articles: [article] }, 'news', { news: { articles: [article] } }],
    [
      { kind: 'card', card: { card_type: 'text_notice', main_title: { title: '到店' }, ...action } },
      'template_card',
      { template_card: { card_type: 'text_notice', main_title: { title: '到店' } } },
    ],
    [
      {
        kind: 'card',
        card: {
          card_type: 'news_notice',
          main_title: { title: '新品' },
          card_image: { url: 'https://example.com/i.png' },
          ...action,
        },
      },
      'template_card',
      { template_card: { card_type: 'news_notice', card_image: { url: 'https://example.com/i.png' } } },
    ],
  ]
  it.each(said)('%j', async (message, msgtype, content) => {
    await wecom.write.sendRobot(webhook, wire(message))
    expect(await last()).toMatchObject({ via: 'robot', msgtype, content })
  })

  it('a picture by its bytes, with their md5', async () => {
    await wecom.write.sendRobot(webhook, { kind: 'image', bytes: png })
    expect(await last()).toMatchObject({
      msgtype: 'image',
      content: { image: { md5: expect.stringMatching(/^[0-9a-f]{32}$/) } },
    })
  })

  it('a file that was uploaded through it', async () => {
    const file = { name: '价目.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF-1.4 price list') }
    const mediaId = await wecom.media.uploadForRobot(webhook, 'file', file)
    await wecom.write.sendRobot(webhook, { kind: 'file', mediaId })
    expect(await last()).toMatchObject({ msgtype: 'file', content: { file: { media_id: mediaId } } })
  })
})

describe('what WeCom would refuse', () => {
  it.each([
    ['a text over 2048 bytes', { kind: 'text', text: '好'.repeat(683), mentions: [], mobiles: [] }],
    ['a markdown over 4096 bytes', { kind: 'markdown', text: 'a'.repeat(4097) }],
    ['a picture over 2 MB', { kind: 'image', bytes: new Uint8Array(2 * 1024 * 1024 + 1) }],
  ] satisfies [string, RobotWire][])('%s is found before the call', async (_what, message) => {
    const before = await world.calls('/cgi-bin/webhook/send')
    await expect(wecom.write.sendRobot(webhook, message)).rejects.toMatchObject({ kind: 'refused', errcode: 40058 })
    expect(await world.calls('/cgi-bin/webhook/send')).toBe(before)
  })

  it.each([
    ['a wrong key', () => webhook.replace(/key=.*/, 'key=nobody')],
    ['another host', () => 'http://10.0.0.1/cgi-bin/webhook/send?key=x'],
    ['what is no address', () => 'not an address'],
  ])('%s is a matter for a person', async (_what, address) => {
    const message = { kind: 'markdown', text: 'x' } as const
    await expect(wecom.write.sendRobot(address(), message)).rejects.toMatchObject({ kind: 'config', errcode: 93000 })
  })
})
