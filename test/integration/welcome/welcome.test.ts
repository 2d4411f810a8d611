import { beforeEach, describe, expect, it } from 'vitest'
import { movableClock } from '../../support/clock.ts'
import { mp4File, pngFile, textFile } from '../../support/media.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { buildView } from '../../support/sending.ts'
import { welcomeRooms } from './rooms.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
beforeEach(() => mongo.get().connection.dropDatabase())
const hour = 3_600_000

const setUp = async () => {
  const clock = movableClock()
  const platform = await startPlatform(clock)
  const rooms = welcomeRooms(mongo.get(), clock, platform)
  await mongo.indexes()
  return { clock, platform, ...rooms }
}

describe('one welcome for each add', () => {
  it('when the half contact comes first and the whole one later, told twice and as facts too', async () => {
    const { clock, platform, rule, callback, fact, settle, welcomes, openTasks, rules } = await setUp()
    const id = await rule('你好')
    const { externalUserId, code } = await platform.befriend('小雨')
    const begun = clock.date()
    const first = { externalUserId, code, at: begun, side: 'half' as const }
    await callback(first)
    await callback(first)
    await fact(first)
    await settle()
    clock.advance(2 * hour)
    const second = { externalUserId, at: clock.date() }
    await callback(second)
    await fact(second)
    await settle()
    expect(await platform.received()).toHaveLength(1)
    expect(await welcomes()).toHaveLength(1)
    expect((await rules.listRuns({ ruleId: id, limit: 5 })).items).toHaveLength(1)
    expect(await openTasks()).toEqual([])
  })

  it('when the whole contact’s callback overtakes the half one’s', async () => {
    const { clock, platform, rule, callback, fact, settle, welcomes } = await setUp()
    await rule('你好')
    const { externalUserId, code } = await platform.befriend('小雨')
    const earlier = new Date(clock.now() - 3000)
    await callback({ externalUserId, code })
    await callback({ externalUserId, at: earlier, side: 'half', code: 'over' })
    await fact({ externalUserId, at: earlier, side: 'half' })
    await settle()
    expect(await platform.received()).toHaveLength(1)
    expect(await welcomes()).toHaveLength(1)
  })

  it('with the whole contact’s code where the half one’s was lost; the task is closed again', async () => {
    const { clock, platform, rule, callback, settle, openTasks } = await setUp()
    await rule('你好')
    const { externalUserId, code } = await platform.befriend('小雨')
    await callback({ externalUserId, side: 'half', code: 'no-such-code' })
    await settle()
    expect(await openTasks()).toMatchObject([{ kind: 'welcome_failed', userid: 'wang' }])
    clock.advance(1000)
    await callback({ externalUserId, code })
    await settle()
    expect(await platform.received()).toMatchObject([{ via: 'welcome', text: '你好' }])
    expect(await openTasks()).toEqual([])
  })

  it('and another one when they come back after having left', async () => {
    const { clock, platform, rule, callback, settle, rules, customers } = await setUp()
    await rule('你好', { who: 'newcomer' })
    await rule('欢迎回来', { who: 'returning' })
    const first = await platform.befriend('小雨')
    const { externalUserId } = first
    const id = `c_${externalUserId}`
    customers.set(id, buildView({ id, externalUserId, orders: 0, follows: [] }))
    await callback(first)
    await settle()
    clock.advance(48 * hour)
    const at = clock.date()
    const gone = { id: 'gone', customerId: id, at, seenAt: at, source: 'wecom', payload: { userid: 'wang' } } as const
    await rules.match(id, [{ ...gone, type: 'contact.deleted_by_customer' }])
    const left = [{ userid: 'wang', state: 'deleted_by_customer' as const, since: at, channelId: null }]
    customers.set(id, buildView({ id, externalUserId, name: '小雨', orders: 0, follows: left }))
    clock.advance(hour)
    await callback({ externalUserId, code: await platform.comesBack(externalUserId) })
    await settle()
    expect((await platform.received()).map(({ text }) => text).sort()).toEqual(['你好', '欢迎回来'])
  })
})

describe('the welcome of a customer who is known', () => {
  it('goes by the tier’s variant, the tier condition and the channel, and says why', async () => {
    const { platform, rule, callback, settle, customers, rules } = await setUp()
    await rule('大家好')
    const vip = await rule('贵宾你好', {}, { over: { condition: { type: 'tier', in: ['A'] } } })
    const { externalUserId, code } = await platform.befriend('小雨')
    customers.set('c1', buildView({ id: 'c1', externalUserId, orders: 3, follows: [] }))
    await callback({ externalUserId, code })
    await settle()
    expect(await platform.received()).toMatchObject([{ text: '贵宾你好' }])
    const [run] = (await rules.listRuns({ ruleId: vip, limit: 5 })).items
    expect(run?.because.map(({ code: why }) => why)).toEqual(['rule.added', 'rule.tier_is', 'rule.greeter'])
  })
})

describe('a code that cannot be used', () => {
  it.each([
    ['is over', 41050, 'block.welcome_expired'],
    ['was used by another app', 41051, 'block.welcome_taken'],
    ['is being used', 41096, 'block.welcome_taken'],
    ['needs consent to archiving first', 41053, 'send.refused'],
  ] as const)('because it %s becomes one task, with the text ready to send', async (_what, errcode, why) => {
    const { platform, rule, callback, fact, settle, openTasks, rules, customers } = await setUp()
    await rule('{{ customer.name }}你好')
    const { externalUserId, code } = await platform.befriend('小雨')
    await platform.fault('welcome', errcode)
    await callback({ externalUserId, code })
    await fact({ externalUserId })
    await settle()
    await settle()
    const tasks = await openTasks()
    expect(tasks).toMatchObject([{ kind: 'welcome_failed', userid: 'wang', because: [{ code: why }] }])
    const view = customers.get(`c_${externalUserId}`)
    if (view === undefined) throw new Error('no customer')
    const [suggested] = await rules.suggestFor(view)
    expect(suggested).toMatchObject({ text: '小雨你好', because: [{ code: 'block.welcome_by_hand' }] })
    await rules.saidByHand(suggested?.intentId ?? '')
    expect(await openTasks()).toEqual([])
    expect((await rules.suggestFor(view)).filter(({ intentId }) => intentId !== undefined)).toEqual([])
  })

  it('never came because the admin’s own welcome is set: one task', async () => {
    const { platform, rule, callback, fact, settle, openTasks } = await setUp()
    await rule('你好')
    const { externalUserId } = await platform.befriend('小雨')
    await callback({ externalUserId })
    await callback({ externalUserId })
    await fact({ externalUserId })
    await settle()
    expect(await platform.received()).toEqual([])
    expect(await openTasks()).toMatchObject([{ because: [{ code: 'block.no_welcome_code' }] }])
  })
})

describe('files', () => {
  it('of every kind arrive with a welcome', async () => {
    const { platform, rule, callback, settle, media } = await setUp()
    const keep = async (kind: 'image' | 'video' | 'file', name: string, bytes: Uint8Array) => {
      const asset = await media.files.store({ kind, name, bytes, by: 'm' })
      return { assetId: asset._id, name: asset.name }
    }
    const [image, video, file] = [
      await keep('image', 'a.png', pngFile()),
      await keep('video', 'v.mp4', mp4File()),
      await keep('file', '手册.pdf', textFile('%PDF-1.7')),
    ]
    const card = { title: '{{ customer.name }}的会员卡', appid: 'wx1', page: 'pages/card.html' }
    await rule(
      '你好',
      {},
      {
        attachments: [
          { type: 'link', title: '店铺', url: 'https://example.com/' },
          { type: 'image', ...image },
          { type: 'image', picUrl: 'https://example.com/a.png' },
          { type: 'miniprogram', ...card, ...image },
          { type: 'video', ...video },
          { type: 'file', ...file },
        ],
      },
    )
    const { externalUserId, code } = await platform.befriend('小雨')
    await callback({ externalUserId, code })
    await settle()
    const [sent] = await platform.attachments(externalUserId)
    expect(sent?.map(({ msgtype }) => msgtype)).toEqual(['link', 'image', 'image', 'miniprogram', 'video', 'file'])
    expect(sent?.[3]).toMatchObject({ miniprogram: { title: '小雨的会员卡', page: 'pages/card.html' } })
    // One upload for the picture that is both an image and a cover.
    expect(await platform.calls('upload')).toBe(3)
  })

  it.each([40007, 41072])('are uploaded anew and the call is made once more when WeCom answers %s', async (errcode) => {
    const { platform, rule, callback, settle, media } = await setUp()
    const asset = await media.files.store({ kind: 'image', name: 'a.png', bytes: pngFile(), by: 'm' })
    await rule('你好', {}, { attachments: [{ type: 'image', assetId: asset._id, name: 'a.png' }] })
    await media.mediaIdFor(asset._id, 'message')
    if (errcode === 40007) await platform.fault('welcome', 40007)
    else {
      // Uploaded for product albums, and so of no use in a message.
      const wrong = await media.mediaIdFor(asset._id, 'album')
      await mongo
        .get()
        .connection.collection('mediauploads')
        .updateOne({ purpose: 'message' }, { $set: { mediaId: wrong } })
    }
    const { externalUserId, code } = await platform.befriend('小雨')
    await callback({ externalUserId, code })
    await settle()
    expect(await platform.attachments(externalUserId)).toMatchObject([[{ msgtype: 'image' }]])
    expect(await platform.calls('welcome')).toBe(2)
    expect(await platform.calls('upload')).toBe(2)
  })

  it('that are not ready do not cost the welcome: it goes without, says so, and the rep is to send them', async () => {
    const { platform, rule, callback, settle, media, welcomes, openTasks } = await setUp()
    const asset = await media.files.store({ kind: 'file', name: '手册.pdf', bytes: textFile('%PDF-1.7'), by: 'm' })
    await rule('你好', {}, { attachments: [{ type: 'file', assetId: asset._id, name: '手册.pdf' }] })
    await platform.fault('upload', 45009)
    const { externalUserId, code } = await platform.befriend('小雨')
    await callback({ externalUserId, code })
    await settle()
    expect(await platform.received()).toMatchObject([{ via: 'welcome', text: '你好' }])
    expect(await platform.attachments(externalUserId)).toEqual([[]])
    expect((await welcomes())[0]?.because.map(({ code: why }) => why)).toEqual(['send.without_media', 'send.sent'])
    expect(await openTasks()).toMatchObject([{ kind: 'welcome_failed' }])
  })

  it('hold back a mass message until they are there', async () => {
    const { clock, platform, settle, media, outbox, customers, sends } = await setUp()
    const asset = await media.files.store({ kind: 'video', name: 'v.mp4', bytes: mp4File(), by: 'm' })
    const { externalUserId } = await platform.befriend('小雨')
    customers.set('c1', buildView({ id: 'c1', externalUserId }))
    await platform.fault('upload', 45009)
    await outbox.wantMany([
      {
        key: 'k',
        channel: 'mass',
        customerId: 'c1',
        externalUserId,
        userid: 'wang',
        body: { text: '新品', attachments: [{ type: 'video', assetId: asset._id, name: 'v.mp4' }] },
        expiresAt: new Date(clock.now() + 72 * hour),
      },
    ])
    await settle()
    const one = async () => (await sends.list({ scope: null, channel: 'mass', limit: 1 })).items[0]
    expect(await one()).toMatchObject({ state: 'permitted', because: [{ code: 'send.media_waiting' }] })
    clock.advance(120_000)
    await settle()
    expect(await one()).toMatchObject({ state: 'sent', delivery: 'waiting' })
    const [made] = await platform.masses()
    await platform.confirm(made?.msgid ?? '')
    expect(await platform.attachments(externalUserId)).toMatchObject([[{ msgtype: 'video' }]])
  })
})
