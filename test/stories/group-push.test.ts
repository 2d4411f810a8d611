import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import { morning } from '../support/company.ts'
import { zonedTime } from '@zhiyin/shared/zone'
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
          variants: [
            { when: { tiers: ['A'] }, body: { text: '会员先行一天：周五提前选' } },
            { when: { tiers: ['C'] }, body: { text: '周末全场第二件半价' } },
          ],
        },
      })
    ).id
    const plan = {
      name: '周末计划',
      items: [
        {
          contentId,
          audience: {
            type: 'named' as const,
            groupIds: await Promise.all(['初雪 VIP 群', '福利群', '门店晨会'].map(idOf)),
          },
          schedule: { type: 'dates' as const, at: [new Date(morning + hours(2)).toISOString()] },
        },
      ],
    }
    const [preview] = (await world.call(api.pushPlans.preview, { body: plan })).items
    expect(
      preview?.groups.map(({ group, text, problem }) => `${group} ${text} ${problem === null}`).toSorted(),
    ).toEqual(
      [
        '初雪 VIP 群 会员先行一天：周五提前选 true',
        '福利群 周末全场第二件半价 true',
        '门店晨会 周末上新，欢迎来看看 true',
      ].toSorted(),
    )
    const made = await world.call(api.pushPlans.create, { body: { key: 'push-weekend-1', ...plan } })
    // Pressed twice, it is one plan.
    expect((await world.call(api.pushPlans.create, { body: { key: 'push-weekend-1', ...plan } })).id).toBe(made.id)
    await world.call(api.pushPlans.setOn, { params: { id: made.id }, body: { on: true } })
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
    const { items } = await world.call(api.groupPushes.list, { query: {} })
    expect(items).toMatchObject([
      { groups: 3, sent: 3, waiting: 0, delivered: 2, stuck: 0, plan: { name: '周末计划' } },
    ])
    const { results } = await world.call(api.groupPushes.one, { params: { id: items[0]?.id ?? '' } })
    expect(
      results
        .map(({ group, state, delivery, confirmedAt }) => `${group} ${state} ${delivery} ${confirmedAt !== null}`)
        .toSorted(),
    ).toEqual(['初雪 VIP 群 sent delivered true', '福利群 sent delivered true', '门店晨会 sent none false'].toSorted())
  })

  it('a repeated one keeps its turns while it is changed and the worker is killed: none twice, none lost', async () => {
    const day = hours(24)
    const said = async () => (await world.ledger({ via: 'robot', to: chats.staff })).length
    const before = await said()
    const line = (at: string) => ({
      contentId,
      audience: { type: 'where' as const, kinds: ['internal' as const] },
      schedule: { type: 'repeated' as const, at, days: 'workdays' as const },
    })
    const clockIn = async (ms: number) => zonedTime(new Date((await world.now()) + ms), 'Asia/Shanghai').clock
    const made = await world.call(api.pushPlans.create, {
      body: { key: 'push-daily-1', name: '每日晨会', items: [line(await clockIn(hours(1)))] },
    })
    let plan = await world.call(api.pushPlans.setOn, { params: { id: made.id }, body: { on: true } })
    const edit = async (at: string) => {
      const items = [{ ...line(at), id: plan.items[0]?.id ?? '' }]
      plan = await world.call(api.pushPlans.update, {
        params: { id: plan.id },
        body: { name: plan.name, items, rev: plan.rev },
      })
    }
    await world.advance(hours(1) + 6 * 60_000)
    expect(await said()).toBe(before + 1)
    // Put off to later today: today's has gone.
    await edit(await clockIn(hours(1)))
    await world.stack.processes.worker?.stop('SIGKILL')
    await world.advanceOnly(hours(2))
    await world.stack.processes.worker?.start()
    await world.drain()
    expect(await said()).toBe(before + 1)
    // Tomorrow's comes due while nobody is there to send it.
    await world.stack.processes.worker?.stop('SIGKILL')
    await world.advanceOnly(day)
    await world.stack.processes.worker?.start()
    await world.drain()
    const { items } = await world.call(api.groupPushes.list, { query: { planId: plan.id } })
    const worked = items.filter(({ skipped }) => skipped === null)
    expect(await said()).toBe(before + worked.length)
    expect(new Set(items.map(({ at }) => at.slice(0, 10))).size).toBe(items.length)
    expect(worked).toHaveLength(2)
  })
})
