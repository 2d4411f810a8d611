import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Wecom } from '../../../server/wecom/types.ts'
import { useRedis } from '../../support/redis.ts'
import { adapterOf, useWecom } from '../../support/wecom.ts'

const world = useWecom()
const redis = useRedis()
const followers = '/cgi-bin/externalcontact/get_follow_user_list'
const mass = '/cgi-bin/externalcontact/add_msg_template'
const token = '/cgi-bin/gettoken'
let wecom: Wecom

const fault = (path: string, kind: string, more: Record<string, unknown> = {}) =>
  world.act('faults', { path, kind, times: 1, ...more })
const send = (through = wecom) =>
  through.write.sendAppMessage({ userids: ['lina'], message: { kind: 'text', text: `m ${Math.random()}` } })

beforeEach(() => {
  wecom = world.adapter(redis.get())
})
afterEach(async () => {
  await world.clear('faults')
  await redis.get().flushall()
})

describe('tokens', () => {
  it('20 calls that meet an expired token fetch one new one', async () => {
    const two = world.adapter(redis.get())
    await Promise.all([wecom.read.followUserList(), two.read.followUserList()])
    await world.act('clock/advance', { ms: 3 * 3_600_000 })
    const before = await world.calls(token)
    const lists = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? wecom : two).read.followUserList()),
    )
    expect(lists.every((list) => list.includes('lina'))).toBe(true)
    expect((await world.calls(token)) - before).toBe(1)
    world.clock.advance(3 * 3_600_000)
  })

  it('the same token lent again is not asked for once more', async () => {
    await wecom.read.followUserList()
    await fault(followers, 'errcode', { errcode: 42001, times: 5 })
    const before = await world.calls(token)
    await Promise.all(Array.from({ length: 5 }, () => wecom.read.followUserList()))
    expect((await world.calls(token)) - before).toBe(1)
  })

  it.each([40001, 40014, 42001])('%i: refetched and repeated once', async (errcode) => {
    await wecom.read.followUserList()
    await fault(followers, 'errcode', { errcode })
    const before = await world.calls(followers)
    expect(await wecom.read.followUserList()).toContain('lina')
    expect((await world.calls(followers)) - before).toBe(2)
  })

  it('a fresh token refused too is a fault of the settings', async () => {
    await fault(followers, 'errcode', { errcode: 40001, times: 2 })
    await expect(wecom.read.followUserList()).rejects.toMatchObject({ kind: 'config', errcode: 40001 })
  })

  it('a wrong secret is said so, not tried again and again', async () => {
    await fault(token, 'errcode', { errcode: 40001, times: 0 })
    const before = await world.calls(token)
    await expect(wecom.read.followUserList()).rejects.toMatchObject({
      kind: 'config',
      path: `${token} WECOM_CONTACT_SECRET`,
    })
    expect((await world.calls(token)) - before).toBe(1)
  })

  it('are renewed by the clock before they end', async () => {
    await wecom.read.followUserList()
    const before = await world.calls(token)
    await world.advance(3 * 3_600_000)
    await wecom.read.followUserList()
    expect((await world.calls(token)) - before).toBe(1)
  })
})

describe('faults of reads', () => {
  it.each([
    ['busy', 'errcode', { errcode: -1 }],
    ['an HTTP 500', 'http_5xx', {}],
    ['a cut connection', 'cut_before', {}],
  ])('%s once is mended here', async (_name, kind, more) => {
    await wecom.read.followUserList()
    await fault(followers, kind, more)
    expect(await wecom.read.followUserList()).toContain('lina')
  })

  it('that stay are unreachable or busy, for the job to try later', async () => {
    await fault(followers, 'http_5xx', { times: 3 })
    await expect(wecom.read.followUserList()).rejects.toMatchObject({ kind: 'unreachable', retry: 'backoff' })
    await fault(followers, 'errcode', { errcode: -1, times: 3 })
    await expect(wecom.read.followUserList()).rejects.toMatchObject({ kind: 'busy', retry: 'backoff' })
  })

  it('over the limit leaves the path alone until the window ends', async () => {
    await wecom.read.followUserList()
    await fault(followers, 'errcode', { errcode: 45009 })
    await expect(wecom.read.followUserList()).rejects.toMatchObject({ kind: 'blocked', retry: { afterMs: 60_000 } })
    const before = await world.calls(followers)
    await expect(wecom.read.followUserList()).rejects.toMatchObject({ kind: 'blocked' })
    expect(await world.calls(followers)).toBe(before)
    expect(await wecom.read.departments()).not.toEqual([])
    await world.advance(61_000)
    expect(await wecom.read.followUserList()).toContain('lina')
  })

  it('an untrusted IP is for a person, with the address in the hint', async () => {
    await fault(followers, 'errcode', { errcode: 60020 })
    await expect(wecom.read.followUserList()).rejects.toMatchObject({
      kind: 'config',
      report: true,
      hint: expect.stringContaining('from ip:'),
    })
  })
})

describe('faults of writes', () => {
  it.each([['cut_after'], ['cut_before'], ['http_5xx']])('%s: nobody knows', async (kind) => {
    await send()
    await fault('/cgi-bin/message/send', kind)
    await expect(send()).rejects.toMatchObject({ kind: 'ambiguous', retry: 'never' })
  })

  it('what may be repeated is never ambiguous', async () => {
    await fault('/cgi-bin/externalcontact/mark_tag', 'cut_after', { times: 3 })
    await expect(
      wecom.write.markTag({ userid: 'lina', externalUserId: 'wm1', add: ['a'], remove: [] }),
    ).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('busy and refused are certain', async () => {
    const make = () =>
      wecom.write.addMassMessage({
        chatType: 'single',
        sender: 'lina',
        externalUserIds: ['wm1'],
        body: { text: 'x', attachments: [] },
      })
    await fault(mass, 'errcode', { errcode: -1 })
    await expect(make()).rejects.toMatchObject({ kind: 'busy' })
    await fault(mass, 'errcode', { errcode: 41048 })
    await expect(make()).rejects.toMatchObject({ kind: 'refused', errcode: 41048 })
  })

  it('a write that never left is unreachable', async () => {
    const nowhere = adapterOf('http://127.0.0.1:1', world.clock, redis.get())
    await expect(send(nowhere)).rejects.toMatchObject({ kind: 'unreachable' })
  })
})
