import { describe, expect, it } from 'vitest'
import { useGroups } from './room.ts'

const world = useGroups()
const minute = 60_000
const hour = 60 * minute

/** A group with so many customers of each tier in it, worked out. */
const groupOf = async (a: number, b: number, c: number) => {
  const chatId = await world.newGroup('会员群')
  const people: string[] = []
  for (const tier of [...Array<'A'>(a).fill('A'), ...Array<'B'>(b).fill('B'), ...Array<'C'>(c).fill('C')]) {
    const id = await world.newPerson(`客${people.length}`)
    world.customers.set(id, `c_${id}`)
    world.tiers.set(id, tier)
    await world.join(chatId, id)
    people.push(id)
  }
  await world.settle()
  await world.advance(minute)
  await world.tierSweep()
  return { chatId, people }
}
const shown = async (chatId: string) => {
  const group = await world.find(chatId)
  if (group === undefined) throw new Error('no such group')
  return group
}

describe('the tier of a customer group', () => {
  it('is the best that enough of its members have, with the numbers', async () => {
    const { chatId } = await groupOf(1, 1, 2)
    expect(await shown(chatId)).toMatchObject({
      tier: 'B',
      tiering: {
        byHand: false,
        because: [
          { code: 'group.tier_share', params: { tier: 'B', count: 2, known: 4, share: 0.5, limit: 0.3 } },
          { code: 'group.tier_below', params: { tier: 'A', count: 1, known: 4, share: 0.25, limit: 0.3 } },
        ],
      },
    })
  })

  it('waits until enough are known', async () => {
    const { chatId } = await groupOf(1, 0, 0)
    expect(await shown(chatId)).toMatchObject({
      tier: 'C',
      tiering: { because: [{ code: 'group.tier_few', params: { known: 1, limit: 2 } }] },
    })
  })

  it('follows who joins and leaves, and what their own tiers become, when it is due', async () => {
    const { chatId, people } = await groupOf(0, 0, 2)
    expect((await shown(chatId)).tier).toBe('C')
    expect(await world.tierSweep()).toBe(0)
    for (const id of people) world.tiers.set(id, 'A')
    await world.advance(3 * hour)
    expect(await world.tierSweep()).toBe(1)
    expect((await shown(chatId)).tier).toBe('A')
    const [first = ''] = people
    await world.leave(chatId, first)
    await world.settle()
    await world.advance(minute)
    await world.tierSweep()
    expect(await shown(chatId)).toMatchObject({ tier: 'C', tiering: { because: [{ code: 'group.tier_few' }] } })
    const { look } = world.groups()
    const doc = await look.load((await shown(chatId)).id)
    const { items } = await look.timeline(doc, { limit: 20 }, null)
    expect(items.filter(({ kind }) => kind === 'tier').map(({ from, to }) => `${from}>${to}`)).toEqual(['A>C', 'C>A'])
  })

  it('is brought up to date before something is sent', async () => {
    const { chatId, people } = await groupOf(0, 0, 2)
    for (const id of people) world.tiers.set(id, 'A')
    const { id } = await shown(chatId)
    await world.groups().tiers.refresh([id])
    expect((await shown(chatId)).tier).toBe('C')
    await world.advance(20 * minute)
    await world.groups().tiers.refresh([id])
    expect((await shown(chatId)).tier).toBe('A')
  })

  it('set by hand holds, says by whom and when, until it is given back', async () => {
    const { chatId, people } = await groupOf(0, 0, 2)
    const { id } = await shown(chatId)
    const { tiers } = world.groups()
    await tiers.set(id, 'B', 'mei')
    const at = world.clock.now()
    for (const one of people) world.tiers.set(one, 'A')
    await world.join(chatId, await world.newPerson('新人'))
    await world.settle()
    await world.advance(3 * hour)
    await world.tierSweep()
    expect(await world.tierSweep()).toBe(0)
    expect(await shown(chatId)).toMatchObject({
      tier: 'B',
      tiering: { byHand: true, because: [{ code: 'group.tier_hand', params: { tier: 'B', by: 'mei名', at } }] },
    })
    await tiers.set(id, null, 'mei')
    expect(await shown(chatId)).toMatchObject({ tier: 'A', tiering: { byHand: false } })
  })

  it('follows another rule at once, and none where there is none', async () => {
    const { chatId } = await groupOf(1, 0, 3)
    expect((await shown(chatId)).tier).toBe('C')
    world.tierRule.shares = { A: 0.2, B: 0.3 }
    await world.groups().tiers.ruleChanged()
    await world.tierSweep()
    expect((await shown(chatId)).tier).toBe('A')
    world.tierRule.on = false
    await world.groups().tiers.ruleChanged()
    await world.tierSweep()
    expect(await shown(chatId)).toMatchObject({ tier: 'C', tiering: { because: [{ code: 'group.tier_off' }] } })
    Object.assign(world.tierRule, { on: true, shares: { A: 0.3, B: 0.3 } })
  })
})

describe('an internal group whose robot is gone', () => {
  const address = (key: string) => `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`

  it('takes the address of a new robot and stays the same group', async () => {
    const { internal, webhookOf } = world.groups()
    const group = await internal.add({ name: '门店晨会', webhook: address('old'), tier: 'B' }, 'mei')
    const again = { name: '门店晨会', webhook: address('new'), tier: 'B' as const }
    await expect(internal.add(again, 'mei')).rejects.toMatchObject({
      code: 'group.same_name',
      params: { id: group.id },
    })
    expect((await internal.setRobot(group.id, address('new'))).id).toBe(group.id)
    expect(await webhookOf(group.id)).toBe(address('new'))
    expect(world.enabled).toEqual([group.id])
    // The same address again is the same group; another of that name only when a person says so.
    expect((await internal.add(again, 'mei')).id).toBe(group.id)
    const other = await internal.add({ ...again, webhook: address('other'), anyway: true }, 'mei')
    expect(other.id).not.toBe(group.id)
    await expect(internal.setRobot(other.id, address('new'))).rejects.toMatchObject({ code: 'group.robot_elsewhere' })
    await expect(world.groups().tiers.set(group.id, null, 'mei')).rejects.toMatchObject({ code: 'group.internal_tier' })
  })
})
