import { beforeEach, describe, expect, it } from 'vitest'
import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import { groupOwnerModel } from '../../../server/groups/stats.model.ts'
import { useGroups } from './room.ts'

const world = useGroups()
const byDay = '/cgi-bin/externalcontact/groupchat/statistic_group_by_day'
const dayMs = 86_400_000

/** Moves on to 10:00 in China of the day so many days from now. */
const tomorrowAt = async (days: number): Promise<void> => {
  const { day } = zonedTime(world.clock.date(), 'Asia/Shanghai')
  await world.advance(momentOf(day + days, 10 * 60 + 55, 'Asia/Shanghai').getTime() - world.clock.now())
}
const owner = (userid: string) => groupOwnerModel(world.mongo.get().connection).findById(userid).lean()

beforeEach(async () => tomorrowAt(1))

describe('activity', () => {
  it('is fetched once a day for each owner, kept, and summed', async () => {
    const chatId = await world.newGroup('热闹的群')
    await world.settle()
    const ann = await world.newPerson('安安')
    await world.join(chatId, ann)
    for (const text of ['早', '在吗'])
      await world.act('say', { from: 'customer', userid: 'lina', external_userid: ann, chat_id: chatId, text })
    await world.settle()
    expect(await world.sweep()).toBe(1)
    await tomorrowAt(1)
    const before = await world.calls(byDay)
    expect(await world.sweep()).toBe(1)
    expect(await world.sweep()).toBe(0)
    expect((await world.calls(byDay)) - before).toBe(1)
    await world.act('say', { from: 'customer', userid: 'lina', external_userid: ann, chat_id: chatId, text: '谢谢' })
    await tomorrowAt(1)
    await world.sweep()
    const { days, owners } = await world.groups().activity(null)
    expect(days.map(({ said }) => said).slice(-2)).toEqual([2, 1])
    expect(days.at(-2)).toMatchObject({ groups: 1, activeGroups: 1, newMembers: 1, activeMembers: 1, said: 2 })
    expect(owners).toMatchObject([{ userid: 'lina', name: 'lina名', month: { said: 3, groups: 1 }, error: null }])
    expect((await world.groups().activity(['wangwei'])).days).toEqual([])
  })

  it('catches up on days that were missed, within WeCom’s limits', async () => {
    await world.newGroup('停机之后')
    await world.settle()
    await world.sweep()
    await tomorrowAt(70)
    const before = await world.calls(byDay)
    await world.sweep()
    expect((await world.calls(byDay)) - before).toBe(3)
    const until = (await owner('lina'))?.until
    expect(
      zonedTime(world.clock.date(), 'Asia/Shanghai').day - zonedTime(until ?? new Date(0), 'Asia/Shanghai').day,
    ).toBe(1)
  })

  it('of an owner WeCom refuses holds up nobody else', async () => {
    await world.newGroup('甲', 'lina')
    await world.newGroup('乙', 'wangwei')
    await world.settle()
    await world.act('faults', { path: byDay, exact: true, times: 1, kind: 'errcode', errcode: 60111 })
    await world.sweep()
    const errors = [(await owner('lina'))?.error, (await owner('wangwei'))?.error]
    expect(errors.filter((error) => error === null)).toHaveLength(1)
    expect(errors.find((error) => error !== null)).toContain('60111')
    expect(await world.sweep()).toBe(0)
  })

  it('that WeCom cannot tell now is asked for again later', async () => {
    await world.newGroup('稍后再试')
    await world.settle()
    await world.act('faults', { path: byDay, exact: true, times: 2, kind: 'errcode', errcode: 45009 })
    await world.sweep()
    expect(await owner('lina')).toMatchObject({ error: null })
    expect((await owner('lina'))?.monthAt).not.toBeNull()
  })

  it('idle groups are those in which nobody has come or gone for 30 days', async () => {
    const [quiet, busy] = [await world.newGroup('冷清的群'), await world.newGroup('有人来的群')]
    await world.settle()
    await world.advance(31 * dayMs)
    await world.join(busy, await world.newPerson('安安'))
    await world.settle()
    const { items } = await world.groups().search({
      limit: 10,
      idle: true,
      scope: { owners: null, internal: true },
    })
    expect(items.map((one) => one.chatId)).toEqual([quiet])
    expect((await world.groups().activity(null)).idle).toBe(1)
  })
})

describe('the list', () => {
  it('is paged, searched and limited to whose groups one may see', async () => {
    for (const name of ['VIP 一群', 'VIP 二群', '福利群']) await world.newGroup(name)
    await world.newGroup('别人的 VIP 群', 'wangwei')
    await world.settle()
    const { search } = world.groups()
    const everything = { owners: null, internal: true }
    const first = await search({ limit: 3, scope: everything })
    const second = await search({ limit: 3, scope: everything, after: first.next ?? '' })
    expect([first.items.length, second.items.length, first.total, second.next]).toEqual([3, 1, 4, null])
    const named = await search({ limit: 10, q: 'vip', scope: { owners: ['lina'], internal: false } })
    expect(named.items.map(({ name }) => name).toSorted()).toEqual(['VIP 一群', 'VIP 二群'])
    await expect(search({ limit: 3, scope: everything, after: 'x' })).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('is read whole from WeCom, also where it wants the owners named', async () => {
    for (const name of ['一', '二']) await world.newGroup(name)
    await world.settle()
    await world.act('faults', {
      path: '/cgi-bin/externalcontact/groupchat/list',
      exact: true,
      times: 1,
      kind: 'errcode',
      errcode: 81017,
    })
    const { items, queued } = await world.groups().syncAll()
    expect([items.length >= 2, queued]).toEqual([true, 0])
  })

  it('of more than 200 groups is finished by jobs', async () => {
    await world.mode({ dropEvents: ['change_external_chat'] })
    const made = await Promise.all(Array.from({ length: 205 }, (_, index) => world.newGroup(`大量 ${index}`)))
    await world.mode({})
    const { queued } = await world.groups().syncAll()
    expect(queued).toBeGreaterThanOrEqual(5)
    await world.drain()
    const { total } = await world.groups().search({ limit: 1, q: '大量', scope: { owners: null, internal: true } })
    expect(total).toBe(made.length)
  })
})
