import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { foundCompany, type Company } from '../support/company.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const Deliveries = z.array(
  z.object({ id: z.string(), state: z.string(), attempts: z.array(z.object({ status: z.int().nullable() })) }),
)

describe('callbacks', () => {
  let world: World
  let company: Company

  beforeAll(async () => {
    world = await startWorld()
    company = await foundCompany(world)
  })
  afterAll(() => world.close())

  /** What a customer goes through; each act fires a callback. */
  const live = async (id: string): Promise<void> => {
    await company.scan(id)
    await world.advanceOnly(5_000)
    await world.act('remark', { userid: 'lina', external_userid: id, remark: '备注' }, Nothing)
    await world.advanceOnly(5_000)
    await world.act('delete-by-customer', { userid: 'lina', external_userid: id }, Nothing)
    await world.advanceOnly(5_000)
    await company.scan(id)
    await world.advanceOnly(5_000)
    await company.order(id, `order-${id}`, 800)
  }
  /** All that must be the same, however the callbacks came. */
  const outcome = async (id: string) => {
    const { name, stage, tier, tags, follows, orders, spend } = await company.profile(id)
    return {
      name,
      stage: stage.stage,
      tier: tier.tier,
      tags: tags.map((tag) => tag.name),
      follows: follows.map(({ userid, state, remark }) => ({ userid, state, remark })),
      orders,
      spend,
    }
  }

  it('sent three times and in reverse order end as once and in order', async () => {
    const [once, bent] = [await company.stranger('同名客户'), await company.stranger('同名客户')]
    await live(once)
    await world.drain()
    await world.put('callbacks/mode', { repeat: 3, hold: true })
    await live(bent)
    await world.act('callbacks/release', { order: 'reverse' }, Deliveries)
    await world.put('callbacks/mode', {})
    await world.drain()
    const expected = await outcome(once)
    expect(await outcome(bent)).toEqual(expected)
    expect(expected).toMatchObject({
      stage: 'new',
      orders: 1,
      follows: [{ userid: 'lina', state: 'following', remark: '备注' }],
    })
    const stored = await world.call(api.system.inbox, { query: { limit: 200 } })
    expect(
      stored.items
        .filter(({ fields }) => JSON.stringify(fields).includes(bent))
        .every(({ copies, state }) => copies === 3 && state === 'settled'),
    ).toBe(true)
  })

  it('two customers added by one rep in the same second are both welcomed', async () => {
    const ids = await Promise.all(['同秒甲', '同秒乙', '同秒丙'].map((name) => company.stranger(name)))
    await Promise.all(ids.map((id) => company.scan(id)))
    await world.drain()
    for (const id of ids) expect(await world.ledger({ to: id, via: 'welcome' })).toHaveLength(1)
  })

  it.each(['forged', 'garbled', 'wrong_receiver', 'replayed', 'bomb', 'huge'])(
    '%s: refused, nothing stored, still alive',
    async (how) => {
      await world.drain()
      const before = await world.call(api.system.inboxHealth)
      const fields = {
        Event: 'change_external_contact',
        ChangeType: 'add_external_contact',
        UserID: 'lina',
        ExternalUserID: `wmHostile${how}`,
      }
      const [delivery] = await world.act('callbacks', { fields, how }, Deliveries)
      await world.drain()
      const sent = (await world.look('callbacks', Deliveries)).find(({ id }) => id === delivery?.id)
      expect(sent?.state).toBe('given_up')
      for (const { status } of sent?.attempts ?? [])
        expect(status === null || (status >= 400 && status < 500)).toBe(true)
      const after = await world.call(api.system.inboxHealth)
      expect(after.lastDay).toBe(before.lastDay)
      const live = await fetch(`${world.stack.serverUrl}/health/ready`)
      expect(live.status).toBe(200)
    },
  )

  it('a dead letter is listed and can be replayed', async () => {
    const id = await company.stranger('死信')
    await world.act(
      'faults',
      { path: '/cgi-bin/externalcontact/get', kind: 'errcode', errcode: 40058, times: 0 },
      Nothing,
    )
    await company.scan(id)
    await world.drain()
    const dead = await world.call(api.system.inbox, { query: { state: 'dead' } })
    expect(dead.items.map(({ event }) => event)).toContain('change_external_contact.add_external_contact')
    const broken = dead.items.find(({ fields }) => JSON.stringify(fields).includes(id))
    expect(broken?.handlers.find(({ state }) => state === 'dead')?.error).toMatch(/40058/)
    await world.remove('faults')
    await world.call(api.system.replay, { params: { id: broken?.id ?? '' } })
    await world.drain()
    expect((await company.profile(id)).name).toBe('死信')
    await world.advance(hours(1))
    expect(await world.ledger({ to: id, via: 'welcome' })).toHaveLength(1)
  })
})
