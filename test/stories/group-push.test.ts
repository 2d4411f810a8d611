import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import { morning } from '../support/company.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const Chat = z.object({ chat_id: z.string() })
const Robot = z.object({ webhook: z.url() })

/** One content with a variant per tier goes to groups of different tiers: to customers by their owner's hand, to the staff by a robot. */
describe('a tiered group push', () => {
  let world: World
  const chats: Record<'vip' | 'ordinary' | 'staff', string> = { vip: '', ordinary: '', staff: '' }
  let contentId = ''

  beforeAll(async () => {
    world = await startWorld()
    await world.act('clock/set', { now: morning }, ClockState)
    await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
    await world.call(api.members.sync)
    const group = async (name: string, kind: 'customer' | 'internal') =>
      (await world.act('groups', { name, owner: 'lina', kind }, Chat)).chat_id
    chats.vip = await group('初雪 VIP 群', 'customer')
    chats.ordinary = await group('福利群', 'customer')
    chats.staff = await group('门店晨会', 'internal')
    await world.drain()
  })
  afterAll(() => world.close())

  const groups = async () => (await world.call(api.groups.list)).items
  const idOf = async (name: string): Promise<string> => {
    const found = (await groups()).find((group) => group.name === name)
    if (found === undefined) throw new Error(`no group ${name}`)
    return found.id
  }

  it('the groups stand in the console, each with its tier', async () => {
    await world.call(api.groups.setTier, { params: { id: await idOf('初雪 VIP 群') }, body: { tier: 'A' } })
    await world.call(api.groups.setTier, { params: { id: await idOf('福利群') }, body: { tier: 'C' } })
    const { webhook } = await world.act(`groups/${chats.staff}/robots`, { name: '晨会机器人' }, Robot)
    await world.call(api.groups.addInternal, { body: { name: '门店晨会', webhook, tier: 'B' } })
    expect((await groups()).map(({ name, kind, tier }) => `${name} ${kind} ${tier}`).toSorted()).toEqual(
      ['初雪 VIP 群 customer A', '福利群 customer C', '门店晨会 internal B'].toSorted(),
    )
  })

  it('one push, scheduled, asks the owner for each customer group and tells the staff at its time', async () => {
    contentId = (
      await world.call(api.contents.create, {
        body: {
          name: '周末上新',
          body: { text: '周末上新，欢迎来看看' },
          variants: { A: { text: '会员先行一天：周五提前选' }, C: { text: '周末全场第二件半价' } },
        },
      })
    ).id
    const body = {
      key: 'push-weekend-1',
      contentId,
      groupIds: await Promise.all(['初雪 VIP 群', '福利群', '门店晨会'].map(idOf)),
      schedule: { type: 'once' as const, at: new Date(morning + hours(2)).toISOString() },
    }
    await world.call(api.pushPlans.create, { body })
    // Pressed twice, it is one plan.
    await world.call(api.pushPlans.create, { body })
    await world.advance(hours(1))
    expect(await world.ledger()).toEqual([])
    expect(await world.tasks('lina')).toEqual([])

    // It keeps off the full hour by up to five minutes.
    await world.advance(hours(1) + 6 * 60_000)
    const waiting = await world.tasks('lina')
    expect(waiting.map(({ text, chat_ids }) => `${text} ${chat_ids.join()}`).toSorted()).toEqual(
      [`会员先行一天：周五提前选 ${chats.vip}`, `周末全场第二件半价 ${chats.ordinary}`].toSorted(),
    )
    const robot = await world.ledger({ via: 'robot' })
    expect(robot.map(({ to, text }) => [to.id, text])).toEqual([[chats.staff, '周末上新，欢迎来看看']])
  })

  it('the owner confirms: each group has its own variant once, and the console says so', async () => {
    for (const { msgid } of await world.tasks('lina'))
      await world.act(`tasks/${msgid}/confirm`, { userid: 'lina' }, Nothing)
    await world.advance(hours(2))
    const received = await world.ledger({ via: 'group_mass' })
    expect(received.map(({ to, text }) => `${to.id} ${text}`).toSorted()).toEqual(
      [`${chats.vip} 会员先行一天：周五提前选`, `${chats.ordinary} 周末全场第二件半价`].toSorted(),
    )
    const { items } = await world.call(api.groups.pushes)
    expect(items).toHaveLength(1)
    expect(items[0]?.results.map(({ group, state, delivery }) => `${group} ${state} ${delivery}`).toSorted()).toEqual(
      ['初雪 VIP 群 sent delivered', '福利群 sent delivered', '门店晨会 sent none'].toSorted(),
    )
  })
})
