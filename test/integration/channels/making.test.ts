import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ChannelInput } from '@zhiyin/shared/api/channels'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'
import { addPath, channelRoom, updatePath, type ChannelRoom } from './room.ts'

const mongo = useMongo()
const world = useWecom()
const second = 1_000
const day = 86_400_000
let room: ChannelRoom
let count = 0
const name = () => `活码 ${(count += 1)}`
const lose = (path: string, kind: 'cut_after' | 'cut_before') => world.act('faults', { path, kind, times: 1 })

beforeAll(async () => {
  channelRoom(mongo.get(), world, world.adapter())
  await mongo.indexes()
  await world.act('members', { userid: 'zhao', name: '赵敏', department: [1] })
})
beforeEach(() => {
  room = channelRoom(mongo.get(), world, world.adapter())
})
afterEach(async () => {
  await world.clear('faults')
  await world.advance(61 * second)
  for (const { id } of await room.read.list()) await room.channels.remove(id)
})

describe('a channel is made', () => {
  it('with a state that names it, and knows what was asked for', async () => {
    const made = await room.make(name(), { tagIds: ['tag_1'], exclusive: true, markSource: false, remark: '门口' })
    expect(made).toMatchObject({ status: 'on', serving: { userids: ['lina'], by: 'duty', until: null }, problem: null })
    expect(made.qrUrl).toMatch(/^http/)
    expect(await world.adapter().read.contactWay(made.configId ?? '')).toMatchObject({
      state: made.state,
      remark: '门口',
      exclusive: true,
      markSource: false,
      skipVerify: true,
      userids: ['lina'],
    })
    expect(await room.read.byState(made.state)).toEqual({ id: made.id, name: made.name, tagIds: ['tag_1'] })
    expect(await room.read.byState(made.state.toUpperCase())).toBeNull()
    expect((await room.read.list())[0]).toEqual(made)
    await expect(room.make(made.name)).rejects.toMatchObject({ code: 'conflict.exists' })
    const both = name()
    const outcomes = await Promise.allSettled([room.make(both), room.make(both)])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await room.waysInWecom()).filter(({ remark }) => remark === both)).toHaveLength(1)
  })

  it('once, though the answer was lost: it is found by its state', async () => {
    await lose(addPath, 'cut_after')
    const made = await room.make(name())
    expect(made).toMatchObject({ status: 'making', configId: null, problem: { code: 'wecom.unreachable' } })
    await room.sweep()
    expect((await room.read.get(made.id)).status).toBe('making')
    await world.advance(5 * second)
    await room.sweep()
    await room.sweep()
    const [way, ...others] = await room.waysInWecom()
    expect(others).toEqual([])
    expect(await room.read.get(made.id)).toMatchObject({
      status: 'on',
      configId: way?.config_id,
      qrUrl: way?.qr_code,
      problem: null,
      serving: { userids: ['lina'], by: 'duty' },
    })
  })

  it('once, though the call was lost: asked again only after two looks in vain', async () => {
    const before = await world.calls(addPath)
    await lose(addPath, 'cut_before')
    const made = await room.make(name())
    await world.advance(5 * second)
    await room.sweep()
    expect((await world.calls(addPath)) - before).toBe(1)
    await world.advance(30 * second)
    await room.sweep()
    expect((await world.calls(addPath)) - before).toBe(2)
    expect((await room.read.get(made.id)).status).toBe('on')
    expect(await room.waysInWecom()).toHaveLength(1)
  })

  it('once, though the maker died before or after the call', async () => {
    const wecom = world.adapter()
    const killed = channelRoom(mongo.get(), world, {
      ...wecom,
      setup: {
        ...wecom.setup,
        addContactWay: async (way) => {
          await wecom.setup.addContactWay(way)
          return new Promise(() => undefined)
        },
      },
    })
    void killed.make(name())
    await expect.poll(async () => (await room.waysInWecom()).length).toBe(1)
    await world.advance(60 * second)
    await room.sweep()
    const [channel] = await room.read.list()
    expect(channel).toMatchObject({ status: 'on', configId: (await room.waysInWecom())[0]?.config_id })
    expect(await room.waysInWecom()).toHaveLength(1)
  })

  it('and leaves nothing behind when it is deleted while its answer is still looked for', async () => {
    await lose(addPath, 'cut_after')
    const made = await room.make(name())
    await room.channels.remove(made.id)
    expect(await room.waysInWecom()).toHaveLength(1)
    await room.sweep()
    expect(await room.waysInWecom()).toEqual([])
    expect((await room.read.get(made.id)).status).toBe('deleted')
    await world.advance(day)
    const before = await world.calls('/cgi-bin/externalcontact/list_contact_way')
    await room.sweep()
    expect(await world.calls('/cgi-bin/externalcontact/list_contact_way')).toBe(before)
  })

  it('not at all when WeCom refuses: the name stays free, and a member it refuses is named', async () => {
    const called = name()
    await world.act('members', { userid: 'asleep', name: '未激活', department: [1] })
    await world.act('members/asleep/status', { status: 4 })
    await expect(room.make(called, { userids: ['lina', 'asleep'] })).rejects.toMatchObject({
      code: 'channel.member',
      params: { userid: 'asleep', errcode: 41054 },
    })
    await world.act('faults', { path: addPath, kind: 'quota_used', times: 1 })
    await expect(room.make(called)).rejects.toMatchObject({ code: 'channel.quota' })
    expect(await room.read.list()).toEqual([])
    expect((await room.make(called)).status).toBe('on')
  })
})

describe('a channel is changed', () => {
  it('here and in WeCom, all that may change', async () => {
    const made = await room.make(name(), { exclusive: true })
    const wanted = ChannelInput.parse({
      name: name(),
      userids: ['lina', 'wangwei'],
      backups: ['zhao'],
      tagIds: ['tag_2'],
      skipVerify: false,
      exclusive: false,
      remark: '收银台',
    })
    expect(await room.channels.update(made.id, wanted)).toMatchObject({
      ...wanted,
      exclusive: true,
      state: made.state,
      configId: made.configId,
    })
    expect(await world.adapter().read.contactWay(made.configId ?? '')).toMatchObject({
      remark: '收银台',
      skipVerify: false,
      userids: ['lina', 'wangwei'],
    })
    const before = await world.calls(updatePath)
    await room.channels.update(made.id, wanted)
    expect(await world.calls(updatePath)).toBe(before)
  })

  it('by two at the same time: WeCom has the later one in the end', async () => {
    const made = await room.make(name())
    const input = ChannelInput.parse({ name: made.name, userids: ['lina'] })
    await Promise.all([
      room.channels.update(made.id, { ...input, userids: ['wangwei'] }),
      room.channels.update(made.id, { ...input, userids: ['zhao'] }),
    ])
    await room.sweep()
    expect(await room.inWecom(made.configId)).toEqual((await room.read.get(made.id)).userids)
  })

  it('though WeCom cannot be reached: saved here, told later, the reason shown', async () => {
    const made = await room.make(name())
    await world.act('faults', { path: updatePath, kind: 'http_5xx', times: 0 })
    const input = ChannelInput.parse({ name: made.name, userids: ['wangwei'] })
    expect(await room.channels.update(made.id, input)).toMatchObject({
      userids: ['wangwei'],
      serving: { userids: ['lina'] },
      problem: { code: 'wecom.unreachable' },
    })
    await world.clear('faults')
    await world.advance(5 * second)
    await room.sweep()
    expect(await room.inWecom(made.configId)).toEqual(['wangwei'])
    expect((await room.read.get(made.id)).problem).toBeNull()
  })

  it('pauses by leaving it to the backups, and goes on', async () => {
    const alone = await room.make(name())
    await expect(room.channels.pause(alone.id)).rejects.toMatchObject({ code: 'channel.needs_backup' })
    const made = await room.make(name(), { backups: ['zhao'] })
    expect(await room.channels.pause(made.id)).toMatchObject({ status: 'paused', serving: { userids: ['zhao'] } })
    expect(await room.inWecom(made.configId)).toEqual(['zhao'])
    await expect(room.channels.pause(made.id)).rejects.toMatchObject({ code: 'channel.state' })
    const input = ChannelInput.parse({ name: made.name, userids: ['lina'] })
    await expect(room.channels.update(made.id, input)).rejects.toMatchObject({ code: 'channel.needs_backup' })
    expect(await room.channels.resume(made.id)).toMatchObject({ status: 'on', serving: { userids: ['lina'] } })
    expect(await room.inWecom(made.configId)).toEqual(['lina'])
  })

  it('by being deleted: gone in WeCom, its name free, who came through it known', async () => {
    const made = await room.make(name())
    await room.channels.remove(made.id)
    expect(await room.waysInWecom()).toEqual([])
    expect(await room.read.list()).toEqual([])
    expect(await room.read.byState(made.state)).toMatchObject({ id: made.id })
    expect((await room.read.names([made.id])).get(made.id)).toBe(made.name)
    await expect(room.channels.pause(made.id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await room.make(made.name)).status).toBe('on')
    for (const { id } of await room.read.list()) await room.channels.remove(id)
    const again = await room.make(made.name)
    expect((await room.channels.remove(again.id)).status).toBe('deleted')
  })
})

describe('a code that is gone from WeCom', () => {
  it('is noticed at a change or within a day, told to the managers, and made anew under the same state', async () => {
    const made = await room.make(name())
    await world.adapter().setup.deleteContactWay(made.configId ?? '')
    await world.advance(day)
    await room.sweep()
    expect((await room.read.get(made.id)).status).toBe('gone')
    expect(room.told).toMatchObject([{ userid: 'boss', channel: 'app' }])
    expect(room.told[0]?.body?.text).toContain('已经失效')
    await expect(room.channels.pause(made.id)).rejects.toMatchObject({ code: 'channel.state' })
    const anew = await room.channels.remake(made.id)
    expect(anew).toMatchObject({ status: 'on', state: made.state, serving: { userids: ['lina'] } })
    expect(anew.configId).not.toBe(made.configId)
    expect(await room.waysInWecom()).toMatchObject([{ config_id: anew.configId, state: made.state }])

    await world.adapter().setup.deleteContactWay(anew.configId ?? '')
    const input = ChannelInput.parse({ name: made.name, userids: ['wangwei'] })
    expect((await room.channels.update(made.id, input)).status).toBe('gone')
  })

  it('stays as it is when it cannot be made anew', async () => {
    const made = await room.make(name())
    await world.adapter().setup.deleteContactWay(made.configId ?? '')
    await world.advance(day)
    await room.sweep()
    await world.act('faults', { path: addPath, kind: 'quota_used', times: 1 })
    await expect(room.channels.remake(made.id)).rejects.toMatchObject({ code: 'channel.quota' })
    expect((await room.read.get(made.id)).status).toBe('gone')
    expect((await room.channels.remake(made.id)).status).toBe('on')
  })

  it('that somebody else changed in WeCom is set right within a day', async () => {
    const made = await room.make(name())
    await world.adapter().setup.updateContactWay(made.configId ?? '', { userids: ['wangwei'], remark: 'x' })
    await world.advance(day)
    await room.sweep()
    expect(await world.adapter().read.contactWay(made.configId ?? '')).toMatchObject({
      userids: ['lina'],
      remark: made.name,
    })
  })
})

describe('contact ways that no channel holds', () => {
  it('are found, taken over, or deleted; those of channels are not', async () => {
    const made = await room.make(name())
    const { setup } = world.adapter()
    const left = await setup.addContactWay({ state: made.state, userids: ['lina'] })
    const other = await setup.addContactWay({ state: 'tool_9', remark: '别的工具', userids: ['wangwei'] })
    const { items, more } = await room.channels.strays.list()
    expect(more).toBe(false)
    expect(items.toSorted((a, b) => Number(b.ours) - Number(a.ours))).toMatchObject([
      { configId: left.configId, ours: true },
      { configId: other.configId, ours: false, remark: '别的工具', userids: ['wangwei'], qrUrl: other.qrCode },
    ])
    await expect(room.channels.strays.remove(made.configId ?? '')).rejects.toMatchObject({ code: 'conflict.exists' })
    await room.channels.strays.remove(left.configId)
    const taken = await room.channels.adopt(other.configId, '接管的', 'boss')
    expect(taken).toMatchObject({ status: 'on', state: 'tool_9', configId: other.configId, userids: ['wangwei'] })
    expect((await room.channels.strays.list()).items).toEqual([])
    await expect(room.channels.adopt(other.configId, '又一个', 'boss')).rejects.toMatchObject({
      code: 'conflict.exists',
    })
    await expect(room.channels.strays.remove('nowhere')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the picture of the code', () => {
  it('is fetched from WeCom under the channel’s name', async () => {
    const made = await room.make(`${name()}/门店`)
    const picture = await room.channels.picture(made.id)
    expect(picture).toMatchObject({ mime: 'image/svg+xml', name: `${made.name.replace('/', '_')}.svg` })
    expect(new TextDecoder().decode(picture.bytes)).toContain('<svg')
  })
})
