import { beforeEach, describe, expect, it } from 'vitest'
import { AppMessage } from '@zhiyin/shared/app-message'
import { createPace } from '../../../server/outbox/pace.ts'
import type { WantInput } from '../../../server/outbox/read.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { useRedis } from '../../support/redis.ts'
import { sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const redis = useRedis()
const startPlatform = usePlatform()
const day = 86_400_000

const setUp = async () => {
  const clock = movableClock(new Date('2026-03-02T04:00:00Z'))
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform, { pace: createPace(redis.get(), clock) })
  const want = (key: string, over: Partial<WantInput> = {}): WantInput => ({
    key,
    channel: 'app',
    userid: 'wang',
    expiresAt: new Date(clock.now() + day),
    ...over,
  })
  const body = (text: string, attachments: NonNullable<WantInput['body']>['attachments'] = []) => ({
    text,
    attachments,
  })
  const got = async () => (await platform.ledger()).filter(({ via }) => via === 'app')
  const send = async (key: string) =>
    (await rooms.sends.list({ scope: null, limit: 200 })).items.find(({ id }) => id === key)
  return { clock, platform, ...rooms, want, body, got, send }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await redis.get().flushall()
  await setUp()
  await mongo.indexes()
})

const link = { type: 'link', title: '打开客户', url: 'https://example.com/customers/1' } as const
const buttons = AppMessage.parse({
  kind: 'card',
  card: {
    card_type: 'button_interaction',
    main_title: { title: '跟进' },
    task_id: 't1',
    button_list: [{ text: '好', key: 'ok' }],
  },
})

describe('a content goes to a member', () => {
  it('as a card that opens its one link, as text, as news, with its files', async () => {
    const { outbox, want, body, settle, got, media } = await setUp()
    const pdf = await media.files.store({
      kind: 'file',
      name: '价目.pdf',
      bytes: Buffer.from('%PDF-1.4 价目'),
      by: 'm',
    })
    await outbox.wantMany([
      want('card', { body: body('陈琳删除了你，请尽快挽回', [link]) }),
      want('plain', { body: body('只有文字') }),
      want('long', { body: body('长'.repeat(300), [link]) }),
      want('news', { body: body('两条', [link, { ...link, title: '第二' }]) }),
      want('file', { body: body('请看价目', [{ type: 'file', assetId: pdf._id, name: pdf.name }]) }),
      want('very', { body: body('很长\n'.repeat(500)) }),
    ])
    await settle()
    const all = await got()
    const of = (start: string) => all.filter(({ text }) => text.startsWith(start))
    expect(of('打开客户\n陈琳')[0]?.content).toMatchObject({
      textcard: { description: '陈琳删除了你，请尽快挽回', url: link.url },
    })
    expect(of('只有文字')).toHaveLength(1)
    expect(of('长')[0]?.text).toBe(`${'长'.repeat(300)}\n打开客户 ${link.url}`)
    expect(all.find(({ msgtype }) => msgtype === 'news')?.text).toBe('打开客户\n第二')
    expect(all.map(({ msgtype }) => msgtype)).toContain('file')
    expect(of('很长').map(({ text }) => text.slice(-5))).toEqual(['(1/2)', '(2/2)'])
  })
})

describe('an app message', () => {
  it('to many notices who cannot be reached, and fails when nobody can', async () => {
    const { outbox, want, body, settle, platform, got, send } = await setUp()
    await platform.member('LiNa', '李娜')
    const [some, none] = await outbox.wantMany([
      want('some', { userid: null, userids: ['wang', 'Ghost', 'LiNa'], body: body('通知') }),
      want('none', { userid: 'ghost', body: body('通知') }),
    ])
    await settle()
    expect((await got()).map(({ to }) => to.id).toSorted()).toEqual(['LiNa', 'wang'])
    const told = await send(some?._id ?? '')
    expect(told?.state).toBe('sent')
    expect(told?.because).toContainEqual({ code: 'send.members_unreached', params: { count: 1, who: 'Ghost' } })
    expect(await send(none?._id ?? '')).toMatchObject({ state: 'failed', because: [{ code: 'send.unreachable' }] })
  })

  it('never meets the limit above which WeCom drops it silently, and none is lost', async () => {
    const { outbox, want, body, settle, got, clock, platform } = await setUp()
    await outbox.wantMany(
      Array.from({ length: 100 }, (_, index) => want(`m${index}`, { body: body(`第 ${index} 条`) })),
    )
    for (let rounds = 0; rounds < 80 && (await got()).length < 100; rounds += 1) {
      await settle()
      clock.advance(10_000)
    }
    const all = await got()
    expect(new Set(all.map(({ text }) => text)).size).toBe(100)
    expect(await platform.calls('app')).toBe(100)
    for (const { at } of all)
      expect(all.filter((each) => each.at > at - 60_000 && each.at <= at).length).toBeLessThan(30)
  })

  it('that asks keeps its code, is updated once and can be taken back within a day', async () => {
    const { outbox, want, settle, got, send, clock } = await setUp()
    const [asked] = await outbox.wantMany([want('asks', { app: buttons })])
    await settle()
    const [answer] = (await send(asked?._id ?? ''))?.answers ?? []
    const card = {
      card_type: 'text_notice',
      main_title: { title: '已完成' },
      card_action: { type: 1, url: link.url },
    } as const
    const update = AppMessage.parse({ kind: 'card_update', code: answer?.responseCode, card })
    const [first, again] = await outbox.wantMany([want('update', { app: update }), want('again', { app: update })])
    await settle()
    expect((await got())[0]?.content).toMatchObject({ template_card: { main_title: { title: '已完成' } } })
    const states = [await send(first?._id ?? ''), await send(again?._id ?? '')].map((each) => [
      each?.state,
      each?.because[0]?.code,
    ])
    expect(states.toSorted()).toEqual([
      ['failed', 'send.card_over'],
      ['sent', 'send.sent'],
    ])
    const recall = (key: string) => want(key, { app: { kind: 'recall', msgid: answer?.msgid ?? '' } })
    await outbox.wantMany([recall('recall')])
    await settle()
    expect((await got())[0]?.recalled).toEqual(expect.any(Number))
    clock.advance(day + 1000)
    const [late] = await outbox.wantMany([recall('late')])
    await settle()
    expect(await send(late?._id ?? '')).toMatchObject({ state: 'failed', because: [{ code: 'send.recall_late' }] })
  })

  it('whose update was taken while the answer was lost counts as updated', async () => {
    const { outbox, want, settle, got, send, clock, platform } = await setUp()
    const [asked] = await outbox.wantMany([want('asks', { app: buttons })])
    await settle()
    const [answer] = (await send(asked?._id ?? ''))?.answers ?? []
    const card = {
      card_type: 'text_notice',
      main_title: { title: '稍后' },
      card_action: { type: 1, url: link.url },
    } as const
    await platform.fault('update', 'lost')
    const [update] = await outbox.wantMany([
      want('update', { app: AppMessage.parse({ kind: 'card_update', code: answer?.responseCode, card }) }),
    ])
    await settle()
    expect(await send(update?._id ?? '')).toMatchObject({ state: 'unsure' })
    clock.advance(5000)
    await settle()
    expect(await send(update?._id ?? '')).toMatchObject({ state: 'sent' })
    expect((await got())[0]?.content).toMatchObject({ template_card: { main_title: { title: '稍后' } } })
  })
})
