import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { Channel, ChannelInput } from '@zhiyin/shared/api/channels'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import { morning, until } from '../support/company.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })
const Met = z.object({ userid: z.string() })
const add = '/cgi-bin/externalcontact/add_contact_way'
const update = '/cgi-bin/externalcontact/update_contact_way'

/** A channel with shifts, a number per rep and day, and a backup, while WeCom loses answers and a rep leaves. */
describe('a channel’s code', () => {
  let world: World
  let channel: Channel
  const plan: z.input<typeof ChannelInput> = {
    name: '门店海报',
    userids: ['lina', 'wang'],
    backups: ['boss'],
    capPerDay: 5,
    shifts: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '18:00', userids: ['lina', 'wang'] }],
  }
  const scan = async (name: string): Promise<string> => {
    const { external_userid } = await world.act('customers', { name }, Made)
    return (await world.act('scan', { state: channel.state, external_userid }, Met)).userid
  }
  const ways = async () => (await world.state()).contactWays.map(({ user }) => user.toSorted())
  const now = async (): Promise<Channel> => (await world.call(api.channels.get, { params: { id: channel.id } })).channel

  beforeAll(async () => {
    world = await startWorld()
    await world.act('clock/set', { now: morning }, ClockState)
    for (const [userid, name] of [
      ['lina', '李娜'],
      ['wang', '王伟'],
      ['boss', '店长'],
    ] as const)
      await world.act('members', { userid, name, leader: userid === 'boss', department: [1] }, Nothing)
    await world.call(api.members.sync)
    await world.drain()
  })
  afterAll(() => world.close())

  it('is made once, though WeCom’s answer is lost', async () => {
    await world.act('faults', { path: add, kind: 'cut_after', times: 1 }, Nothing)
    channel = await world.call(api.channels.create, { body: plan })
    expect(channel.status).toBe('making')
    await world.advanceOnly(5_000)
    await until('the code is found', async () => (await now()).status === 'on')
    channel = await now()
    expect(await ways()).toEqual([['lina', 'wang']])
  })

  it('leaves out who has had their number; a rush passes it by no more than was under way', async () => {
    const got: Record<string, number> = {}
    for (let part = 0; part < 5; part += 1) {
      const met = await Promise.all(Array.from({ length: 4 }, (_, index) => scan(`客户 ${part} ${index}`)))
      for (const userid of met) got[userid] = (got[userid] ?? 0) + 1
      await world.drain()
    }
    expect(got['lina']).toBeLessThanOrEqual(7)
    expect(got['wang']).toBeLessThanOrEqual(7)
    expect(await ways()).toEqual([['boss']])
    expect(await now()).toMatchObject({
      today: 20,
      full: ['lina', 'wang'],
      serving: { userids: ['boss'], by: 'backup' },
    })
    const { total, reps } = await world.call(api.channels.stats, { params: { id: channel.id }, query: { days: 7 } })
    expect(total).toMatchObject({ adds: 20, following: 20 })
    expect(Object.fromEntries(reps.map(({ userid, today }) => [userid, today]))).toEqual(got)
  })

  it('waits while WeCom takes no calls, and is right again afterwards, the next morning', async () => {
    await world.act('faults', { path: update, kind: 'rate_limit', ms: hours(24), forMs: 600_000 }, Nothing)
    await world.advance(hours(23))
    expect(await ways()).toEqual([['boss']])
    expect((await now()).problem).toContain('45009')
    await world.remove('faults')
    await world.advanceOnly(hours(1))
    await until('the reps are back', async () => (await now()).serving.by === 'duty')
    expect(await ways()).toEqual([['lina', 'wang']])
    expect((await now()).problem).toBeNull()
  })

  it('leaves out who left at once', async () => {
    await world.act('members/lina/leave', {}, Nothing)
    await world.drain()
    await until('she is out', async () => (await now()).serving.userids.length === 1)
    expect(await ways()).toEqual([['wang']])
    expect((await now()).unable).toMatchObject([{ userid: 'lina' }])
  })

  it('is a picture to save, and is deleted; who came through it stays known', async () => {
    const { picture } = api.channels
    const { ADMIN_API_KEY } = world.stack.secrets
    const address = `${world.stack.serverUrl}${picture.path.replace(':id', channel.id)}`
    const file = await fetch(address, { headers: { authorization: `Bearer ${ADMIN_API_KEY}` } })
    expect(file.headers.get('content-disposition')).toContain(encodeURIComponent('门店海报'))
    expect(await file.text()).toContain('<svg')

    await world.call(api.channels.remove, { params: { id: channel.id } })
    expect(await ways()).toEqual([])
    expect((await world.call(api.channels.list)).items).toEqual([])
    expect((await world.call(api.channels.stats, { params: { id: channel.id } })).total.adds).toBe(20)
  })
})
