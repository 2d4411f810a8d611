import { describe, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { createRefusals } from '../../../server/outbox/refusals.ts'
import { useBroadcasts } from '../broadcasts/room.ts'
import { hour } from '../mass/rooms.ts'

const rooms = useBroadcasts()

const setUp = async (options: Parameters<typeof rooms>[0] = {}) => {
  const own = await rooms(options)
  const { customers, clock, outbox } = own
  const refusals = createRefusals({
    views: async (ids) => ids.flatMap((id) => customers.get(id) ?? []),
    withdraw: outbox.withdraw,
  })
  /** What delivering the fact of a withdrawal does: the profile knows, then what is on its way is looked at. */
  const withdraws = async (customerId: string): Promise<void> => {
    const view = customers.get(customerId)
    if (view === undefined) throw new Error(`Nobody is ${customerId}`)
    customers.set(customerId, { ...view, consent: 'withdrawn' })
    const fact: Fact = {
      id: `consent:${customerId}`,
      customerId,
      type: 'consent.changed',
      at: clock.date(),
      seenAt: clock.date(),
      source: 'rep',
      payload: { purpose: 'marketing', state: 'withdrawn', source: 'customer' },
    }
    await refusals.match(customerId, [fact])
  }
  return { ...own, withdraws }
}
const refused = [{ code: 'block.consent' }]

describe('whoever withdraws their consent', () => {
  it('gets nothing that is claimed at this moment: its message is stopped in WeCom as soon as it is made', async () => {
    let during = async (): Promise<void> => undefined
    const { platform, customer, outbox, want, settle, later, newest, withdraws } = await setUp({
      before: () => during(),
    })
    await customer('lin')
    during = async () => {
      expect(await newest('lin')).toMatchObject({ state: 'claimed' })
      await withdraws('lin')
    }
    await outbox.wantMany([want('lin')])
    await settle()
    await later(1_000)
    expect(await platform.assistant('wang')).toMatchObject([{ status: 'cancelled' }])
    expect(await newest('lin')).toMatchObject({ state: 'sent', delivery: 'cancelled', because: refused })
    await expect(platform.confirm((await platform.masses())[0]?.msgid ?? '')).rejects.toThrow()
    expect(await platform.received()).toEqual([])
  })

  it('gets nothing whose call was put back, and no welcome a second time whose answer was lost', async () => {
    const { platform, customer, outbox, want, settle, later, newest, withdraws, clock } = await setUp()
    await customer('mass')
    const { externalUserId, code } = await platform.befriend('new')
    await customer('new')
    await platform.fault('mass', 45009)
    await platform.fault('welcome', 'cut')
    const expiresAt = new Date(clock.now() + 20_000)
    await outbox.wantMany([want('mass'), want('new', { channel: 'welcome', externalUserId, code, expiresAt })])
    await settle()
    expect([(await newest('mass'))?.state, (await newest('new'))?.state]).toEqual(['permitted', 'unsure'])
    for (const id of ['mass', 'new']) await withdraws(id)
    expect(await newest('mass')).toMatchObject({ state: 'blocked', because: refused })
    await later(2_000)
    await later(hour)
    expect(await newest('new')).toMatchObject({ state: 'unsure', because: refused })
    expect([await platform.calls('mass'), await platform.calls('welcome')]).toEqual([1, 1])
    expect(await platform.received()).toEqual([])
  })

  it('leaves a broadcast half made: those of the batch to come, those that wait, and the message others share', async () => {
    const { platform, customer, broadcasts, create, build, people, settle, later, newest, withdraws, sends } =
      await setUp()
    for (const id of ['A-goes', 'A-stays', 'x-late']) await customer(id)
    people(500, 'C')
    const made = await create()
    await broadcasts.jobs['broadcasts.build']({ broadcastId: made._id })
    expect(await broadcasts.get(made._id)).toMatchObject({ state: 'building' })
    await withdraws('C00000')
    await settle()
    const waiting = { state: 'sent', delivery: 'waiting' }
    expect([await newest('A-goes'), await newest('A-stays')]).toMatchObject([waiting, waiting])
    await withdraws('A-goes')
    await withdraws('x-late')
    await later(1_000)
    expect(await newest('A-goes')).toMatchObject({ delivery: 'cancelled' })
    await later(15_000)
    await build()
    expect(await broadcasts.get(made._id)).toMatchObject({ state: 'under_way', receivers: 503 })
    expect(await newest('A-goes')).toMatchObject({ state: 'sent', delivery: 'cancelled', because: refused })
    for (const id of ['C00000', 'x-late'])
      expect(await newest(id)).toMatchObject({ state: 'blocked', because: refused })
    // WeCom cannot take one receiver out of a message: it was stopped, and who stays got one of their own.
    const [first, second, ...more] = (await platform.masses()).filter(({ text }) => text.includes('为您留了一份'))
    expect([first?.to.length, second?.to.length, more.length]).toEqual([2, 1, 0])
    await expect(platform.confirm(first?.msgid ?? '')).rejects.toThrow()
    await platform.confirm(second?.msgid ?? '')
    await later(hour)
    expect(await newest('A-stays')).toMatchObject({ state: 'sent', delivery: 'delivered' })
    expect((await platform.received()).map(({ to }) => to)).toEqual([second?.to[0]])
    expect((await sends.list({ scope: null, customerId: 'A-stays', limit: 9 })).items).toHaveLength(1)
  })

  it('is not named to a group any more, neither by what waits there nor by what comes', async () => {
    const { platform, customer, outbox, want, settle, later, newest, withdraws } = await setUp()
    await customer('lin')
    await customer('wu')
    const push = (id: string, key: string, dueIn = 0) =>
      want(id, {
        key,
        channel: 'robot',
        userid: null,
        groupId: 'g',
        body: { text: `${id} 该回访了`, attachments: [] },
        dueAt: new Date(Date.parse('2026-03-02T04:00:00Z') + dueIn),
      })
    await outbox.wantMany([push('lin', 'a:1', 60_000), push('wu', 'b:1', 60_000)])
    await settle()
    await withdraws('lin')
    expect(await newest('lin')).toMatchObject({ state: 'blocked', because: refused })
    await outbox.wantMany([push('lin', 'a:2')])
    await settle()
    await later(61_000)
    expect(await newest('lin')).toMatchObject({ state: 'blocked', because: refused })
    const said = (await platform.ledger()).filter(({ via }) => via === 'robot')
    expect(said.map(({ text }) => text)).toEqual(['wu 该回访了'])
  })
})
