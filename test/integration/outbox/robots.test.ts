import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { byteLength } from '@zhiyin/shared/bytes'
import { RobotMessage } from '@zhiyin/shared/robot'
import { RuleInput } from '@zhiyin/shared/rule'
import { createPace } from '../../../server/outbox/pace.ts'
import type { WantInput } from '../../../server/outbox/read.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform, type Platform } from '../../support/platform.ts'
import { useRedis } from '../../support/redis.ts'
import { buildView, sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const redis = useRedis()
const startPlatform = usePlatform()
const day = 86_400_000
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
)

const setUp = async () => {
  const clock = movableClock(new Date('2026-03-02T04:00:00Z'))
  const platform = await startPlatform(clock)
  const rooms = (with_: Partial<Platform> = {}) =>
    sendingRooms(mongo.get(), clock, { ...platform, ...with_ }, { pace: createPace(redis.get(), clock) })
  const want = (key: string, over: Partial<WantInput> = {}): WantInput => ({
    key,
    channel: 'robot',
    groupId: 'g',
    expiresAt: new Date(clock.now() + day),
    ...over,
  })
  const say = (key: string, input: z.input<typeof RobotMessage>) => want(key, { robot: RobotMessage.parse(input) })
  /** What stands in the groups: the message as WeCom took it. */
  const said = async () => (await platform.ledger()).filter(({ via }) => via === 'robot')
  return { clock, platform, rooms, want, say, said }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await redis.get().flushall()
  const { rooms } = await setUp()
  rooms()
  await mongo.indexes()
})

const Text = z.object({ text: z.object({ content: z.string() }) })
const textOf = (content: unknown): string => Text.parse(content).text.content
const numbered = /\n\((\d+)\/(\d+)\)$/

describe('a robot says', () => {
  it('every kind of message, and what a content holds', async () => {
    const { rooms, want, say, said } = await setUp()
    const { outbox, settle, media, sends } = rooms()
    const stored = (kind: 'image' | 'file', name: string, bytes: Buffer) =>
      media.files.store({ kind, name, bytes, by: 'm' })
    const [image, file] = [
      await stored('image', 'a.png', png),
      await stored('file', '价目.pdf', Buffer.from('%PDF-1.4 价目')),
    ]
    const article = { title: '上新', url: 'https://example.com/' }
    const card = {
      card_type: 'text_notice',
      main_title: { title: '到店' },
      card_action: { type: 1, url: 'https://example.com/' },
    } as const
    await outbox.wantMany([
      say('1', { kind: 'text', text: '早会', mentions: ['@all'] }),
      say('2', { kind: 'markdown', text: '**早会** <@wang>' }),
      say('3', { kind: 'markdown_v2', text: '# 早会' }),
      say('4', { kind: 'news', articles: [article] }),
      say('5', { kind: 'card', card }),
      say('6', { kind: 'image', assetId: image._id, name: image.name }),
      say('7', { kind: 'file', assetId: file._id, name: file.name }),
      want('8', {
        body: {
          text: '周末上新',
          attachments: [
            { type: 'link', ...article },
            { type: 'image', picUrl: 'https://example.com/i.png' },
            { type: 'image', assetId: image._id, name: image.name },
            {
              type: 'miniprogram',
              title: '商城',
              appid: 'wx1',
              page: 'pages/index',
              assetId: image._id,
              name: image.name,
            },
            { type: 'file', assetId: file._id, name: file.name },
          ],
        },
      }),
    ])
    await settle()
    const all = await said()
    expect(all.map(({ msgtype }) => msgtype)).toEqual(
      ['text', 'markdown', 'markdown_v2', 'news', 'template_card', 'image', 'file'].concat([
        'text',
        'news',
        'template_card',
        'image',
        'file',
      ]),
    )
    expect(all[0]?.content).toMatchObject({ text: { mentioned_list: ['@all'] } })
    expect(all[8]?.content).toMatchObject({ news: { articles: [article, { url: 'https://example.com/i.png' }] } })
    expect(all[9]?.content).toMatchObject({
      template_card: { card_action: { type: 2, appid: 'wx1', pagepath: 'pages/index' } },
    })
    expect((await sends.list({ scope: null, limit: 20 })).items.map(({ state }) => state)).toEqual(
      Array(8).fill('sent'),
    )
  })

  it('a long text in numbered parts, in order, each within the limit', async () => {
    const { rooms, say, said } = await setUp()
    const { outbox, settle } = rooms()
    const text = Array.from({ length: 120 }, (_, line) => `第 ${line} 行：今天的安排与昨天一样，请大家准时`).join('\n')
    await outbox.wantMany([say('long', { kind: 'text', text, mentions: ['wang'] })])
    await settle()
    const parts = (await said()).map(({ content }) => textOf(content))
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.map((part) => Number(numbered.exec(part)?.[1]))).toEqual(parts.map((_, index) => index + 1))
    expect(parts.map((part) => part.replace(numbered, '')).join('\n')).toBe(text)
    for (const part of parts) expect(byteLength(part)).toBeLessThanOrEqual(2048)
  })
})

describe('a crash between the parts of a message', () => {
  const lines = `${'今'.repeat(600)}\n`
  const long = { kind: 'text', text: lines.repeat(4) } as const

  it('repeats none, and the rest still goes', async () => {
    const { rooms, say, said, clock, platform } = await setUp()
    let calls = 0
    let died = (): void => undefined
    const dead = new Promise<void>((resolve) => (died = resolve))
    // The process dies before its third call.
    const sendRobot: Platform['write']['sendRobot'] = async (webhook, message) => {
      calls += 1
      if (calls < 3) return platform.write.sendRobot(webhook, message)
      died()
      return new Promise<never>(() => undefined)
    }
    const dying = rooms({ write: { ...platform.write, sendRobot } })
    await dying.outbox.wantMany([say('long', long), say('after', { kind: 'text', text: '之后' })])
    void dying.drain()
    await dead
    const { settle, sends } = rooms()
    // Its claim and its word in the group run out.
    clock.advance(31_000)
    await redis.get().del('zhiyin:robot:g:hold')
    await settle()
    const texts = (await said()).map(({ text }) => text.slice(-5).trim())
    expect(texts).toEqual(['(1/4)', '(2/4)', '(4/4)', '之后'])
    const [after, first] = (await sends.list({ scope: null, limit: 10 })).items
    expect(first).toMatchObject({
      state: 'unsure',
      because: [{ code: 'robot.part_lost', params: { of: 4, parts: '3' } }],
    })
    expect(after?.state).toBe('sent')
  })

  it('and a lost answer repeats none either', async () => {
    const { rooms, say, said, platform } = await setUp()
    const { outbox, settle, sends } = rooms()
    await outbox.wantMany([say('long', long)])
    await platform.fault('robot', 'lost')
    await settle()
    expect((await said()).map(({ text }) => text.slice(-5))).toEqual(['(1/4)', '(2/4)', '(3/4)', '(4/4)'])
    expect((await sends.list({ scope: null, limit: 1 })).items[0]).toMatchObject({
      state: 'unsure',
      because: [{ code: 'robot.part_lost', params: { parts: '1' } }],
    })
  })
})

describe('the pace of one robot', () => {
  it('is kept by two processes: nothing lost, order kept, parts together, never over the limit', async () => {
    const { rooms, say, said, clock, platform } = await setUp()
    const [one, other] = [rooms(), rooms()]
    const long = `${'长'.repeat(600)}\n`.repeat(3)
    const messages = Array.from({ length: 40 }, (_, index) =>
      say(`m${index}`, { kind: 'text', text: index % 5 === 4 ? `${index}号${long}` : `${index}号` }),
    )
    await one.outbox.wantMany(messages)
    for (let rounds = 0; rounds < 60 && (await said()).length < 56; rounds += 1) {
      await Promise.all([one.settle(), other.settle()])
      clock.advance(5000)
    }
    const all = await said()
    expect(await platform.errcodes('robot')).toEqual(Array(all.length).fill(0))
    const expected = Array.from({ length: 40 }, (_, index) => index).flatMap((index) =>
      index % 5 === 4 ? [`${index}(1/3)`, '(2/3)', '(3/3)'] : [`${index}`],
    )
    const heads = all.map(({ text }) => {
      const number = /^(\d+)号/.exec(text)?.[1] ?? ''
      return `${number}${numbered.exec(text)?.[0].trim() ?? ''}`
    })
    expect(heads).toEqual(expected)
    for (const { at } of all)
      expect(all.filter((each) => each.at > at - 60_000 && each.at <= at).length).toBeLessThanOrEqual(18)
  })

  it('45009, for others use it too: it rests for a minute without a call, and nothing is lost', async () => {
    const { rooms, say, said, clock, platform } = await setUp()
    const { outbox, settle } = rooms()
    const webhook = await platform.webhookOf('g')
    for (let times = 0; times < 20; times += 1)
      await platform.write.sendRobot(webhook, { kind: 'text', text: '别人的', mentions: [], mobiles: [] })
    await outbox.wantMany([say('a', { kind: 'text', text: '一' }), say('b', { kind: 'text', text: '二' })])
    await settle()
    expect(await platform.calls('robot')).toBe(21)
    expect((await outbox.robots.look(['g'])).get('g')).toMatchObject({
      restUntil: new Date(clock.now() + 60_000),
      waiting: 2,
    })
    clock.advance(59_000)
    await settle()
    expect(await platform.calls('robot')).toBe(21)
    clock.advance(2000)
    await settle()
    expect((await said()).slice(20).map(({ text }) => text)).toEqual(['一', '二'])
  })
})

describe('a robot that was put back on a Friday night', () => {
  /** Half a minute before midnight; others have left it room for so many messages of this minute. */
  const lateOnFriday = async (room: number) => {
    const world = await setUp()
    world.clock.set(new Date('2026-03-06T15:59:30Z'))
    const webhook = await world.platform.webhookOf('g')
    for (let times = room; times < 20; times += 1)
      await world.platform.write.sendRobot(webhook, { kind: 'text', text: '别人的', mentions: [], mobiles: [] })
    const { outbox, settle, sends } = world.rooms()
    const expiresAt = new Date(world.clock.now() + 9 * day)
    const forWork = (key: string, text: string) => ({
      ...world.say(key, { kind: 'text', text }),
      days: 'workdays' as const,
      expiresAt,
    })
    const ours = async () => (await world.said()).slice(20 - room).map(({ text }) => text)
    const newest = async () => (await sends.list({ scope: null, limit: 1 })).items[0]
    return { ...world, outbox, settle, forWork, ours, newest }
  }

  it('asks again about its days: what is for working days waits for the Monday, what is for any day does not wait for it', async () => {
    const { outbox, settle, forWork, say, clock, ours, newest } = await lateOnFriday(0)
    await outbox.wantMany([forWork('work', '早会')])
    await settle()
    expect(await newest()).toMatchObject({ state: 'permitted' })
    await outbox.wantMany([say('any', { kind: 'text', text: '周末值班' })])
    clock.advance(61_000)
    await settle()
    expect(await ours()).toEqual(['周末值班'])
    clock.set(new Date('2026-03-08T16:00:01Z'))
    await settle()
    expect(await ours()).toEqual(['周末值班', '早会'])
  })

  it('says to the end what it has begun to say', async () => {
    const { outbox, settle, forWork, clock, ours } = await lateOnFriday(1)
    await outbox.wantMany([forWork('long', `${'一'.repeat(600)}\n${'二'.repeat(600)}`)])
    await settle()
    expect(await ours()).toHaveLength(1)
    clock.advance(61_000)
    await settle()
    expect(await ours()).toHaveLength(2)
  })
})

describe('a robot that WeCom does not let speak', () => {
  it.each([
    [93000, 'robot.gone'],
    [93004, 'robot.off'],
    [93008, 'robot.not_in_group'],
  ] as const)('%i is not called again until a person says so', async (errcode, code) => {
    const { rooms, say, said, platform } = await setUp()
    const { outbox, settle, sends } = rooms()
    await platform.fault('robot', errcode)
    await outbox.wantMany(['a', 'b', 'c'].map((key) => say(key, { kind: 'text', text: key })))
    await settle()
    expect(await platform.calls('robot')).toBe(1)
    const states = (await sends.list({ scope: null, limit: 10 })).items.map((send) => [
      send.state,
      send.because[0]?.code,
    ])
    expect(states).toEqual([
      ['blocked', code],
      ['blocked', code],
      ['failed', code],
    ])
    expect((await outbox.robots.look(['g'])).get('g')).toMatchObject({
      disabled: { code, params: { errcode } },
      waiting: 0,
    })
    await outbox.wantMany([say('d', { kind: 'text', text: 'd' })])
    await settle()
    expect(await platform.calls('robot')).toBe(1)
    await outbox.robots.enable('g')
    await outbox.wantMany([say('e', { kind: 'text', text: 'e' })])
    await settle()
    expect((await said()).map(({ text }) => text)).toEqual(['e'])
    expect((await outbox.robots.look(['g'])).get('g')).toMatchObject({ disabled: null, sentLastMinute: 2 })
  })
})

describe('a rule that speaks through a robot', () => {
  const setUpRule = async () => {
    const { rooms, clock, platform, said } = await setUp()
    const world = rooms()
    const { rules, contents, customers, settle, sends } = world
    const { id: contentId } = await contents.create(
      { name: '喜报', body: { text: '{{ customer.name }} 下单了', attachments: [] }, variants: [] },
      'wang',
    )
    const rule = RuleInput.parse({
      name: '喜报',
      trigger: { type: 'event', event: 'order.completed' },
      steps: [
        { id: 'wait', type: 'wait', hours: 1 },
        { id: 'say', type: 'send', channel: 'robot', groupId: 'g', contentId },
      ],
    })
    const { _id } = await rules.store.create(rule, 'wang')
    const buys = async (...names: string[]) => {
      for (const name of names) {
        const base = { id: `order:${name}`, customerId: name, at: clock.date(), seenAt: clock.date() }
        customers.set(name, buildView({ id: name, name }))
        const payload = { orderId: name, amount: 100, currency: 'CNY', products: [] }
        await rules.match(name, [{ ...base, type: 'order.completed', source: 'ingest', payload }])
      }
      await settle()
    }
    const texts = async () => (await said()).map(({ text }) => text).toSorted()
    const states = async () =>
      (await sends.list({ scope: null, limit: 20 })).items.map(({ state, because }) => [state, because[0]?.code])
    return { rules, id: _id, buys, texts, states, settle, clock, platform, outbox: world.outbox }
  }
  const hour = 3_600_000

  it('says nothing while it is paused; resumed, everybody who waited is named once', async () => {
    const { rules, id, buys, texts, settle, clock, platform } = await setUpRule()
    await rules.turnOn(id, false, 'wang', 'zh')
    await buys('陈琳', '周可')
    await rules.pause(id, 'wang')
    await buys('林静')
    clock.advance(2 * hour)
    await settle()
    expect(await platform.calls('robot')).toBe(0)
    await rules.turnOn(id, false, 'wang', 'zh')
    for (let round = 0; round < 3; round += 1) {
      await settle()
      clock.advance(hour)
    }
    // Nobody comes in while it is paused.
    expect(await texts()).toEqual(['周可 下单了', '陈琳 下单了'])
    await rules.pause(id, 'wang')
    await rules.turnOn(id, false, 'wang', 'zh')
    await settle()
    expect(await texts()).toHaveLength(2)
  })

  it('waits for a robot that rests, and says it once; paused meanwhile, it is taken back for good', async () => {
    const { rules, id, buys, texts, states, settle, clock, platform, outbox } = await setUpRule()
    await rules.turnOn(id, false, 'wang', 'zh')
    await buys('陈琳')
    await platform.fault('robot', 45009)
    clock.advance(hour)
    await settle()
    expect([await texts(), (await outbox.robots.look(['g'])).get('g')?.waiting]).toEqual([[], 1])
    clock.advance(61_000)
    await settle()
    expect(await texts()).toEqual(['陈琳 下单了'])

    await buys('周可')
    await platform.fault('robot', 45009)
    clock.advance(hour)
    await settle()
    await rules.pause(id, 'wang')
    clock.advance(61_000)
    await settle()
    await rules.turnOn(id, false, 'wang', 'zh')
    await buys('林静')
    clock.advance(2 * hour)
    await settle()
    expect(await texts()).toEqual(['林静 下单了', '陈琳 下单了'])
    expect(await states()).toEqual([
      ['sent', 'send.sent'],
      ['blocked', 'block.rule_off'],
      ['sent', 'send.sent'],
    ])
  })
})
