import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { createFactOwners } from '../../../server/events/owners.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'
import { channelRoom, type ChannelRoom } from './room.ts'

const mongo = useMongo()
const world = useWecom()
const hour = 3_600_000
let room: ChannelRoom
// 08:00 in Shanghai.
const today = Date.parse('2026-06-10T00:00:00Z')
const ago = (hours: number): Date => new Date(today - hours * hour)
const gone = (customerId: string, userid: string, at: Date): NewFact => ({
  id: `gone:${customerId}:${at.getTime()}`,
  customerId,
  type: 'contact.deleted_by_customer',
  at,
  source: 'wecom',
  payload: { userid },
})
const order = (customerId: string, at: Date): NewFact => ({
  id: `order:${customerId}:${at.getTime()}`,
  customerId,
  type: 'order.completed',
  at,
  source: 'ingest',
  payload: { orderId: `${customerId}${at.getTime()}`, amount: 9_900, currency: 'CNY', products: [] },
})

beforeAll(async () => {
  room = channelRoom(mongo.get(), world, world.adapter())
  await mongo.indexes()
})
beforeEach(() => {
  world.clock.set(new Date(today))
})

describe('statistics of a channel', () => {
  it('count adds, losses, those within a day, and orders, by day and by rep', async () => {
    const came = (customer: string, userid: string, hours: number): Promise<void> =>
      room.tell(customer, room.added(customer, userid, 'chn_a', ago(hours)))
    await came('s1', 'lina', 1)
    // 23:30 of the day before, and half an hour later, in Shanghai.
    await came('s2', 'lina', 8.5)
    await came('s3', 'wangwei', 8)
    await came('s4', 'wangwei', 60)
    await came('s5', 'wangwei', 24 * 40)
    await room.tell('s6', room.added('s6', 'lina', 'chn_b', ago(1)))
    await room.tell('s3', gone('s3', 'wangwei', ago(7)))
    await room.tell('s4', gone('s4', 'wangwei', ago(10)))
    await room.tell('s2', order('s2', ago(3)), order('s2', ago(2)))
    // Not of these channels, and told twice: neither counts.
    await room.tell('s9', order('s9', ago(3)))
    await came('s1', 'lina', 1)

    const stats = await room.channels.stats.of('chn_a', 7)
    expect(stats.total).toEqual({ adds: 4, following: 2, lost: 2, lost24h: 1, ordered: 1 })
    expect(stats.days.map(({ day, adds, lost, ordered }) => [day, adds, lost, ordered])).toEqual([
      ['2026-06-04', 0, 0, 0],
      ['2026-06-05', 0, 0, 0],
      ['2026-06-06', 0, 0, 0],
      ['2026-06-07', 1, 1, 0],
      ['2026-06-08', 0, 0, 0],
      ['2026-06-09', 1, 0, 1],
      ['2026-06-10', 2, 1, 0],
    ])
    expect(stats.reps).toMatchObject([
      { userid: 'lina', adds: 2, today: 1, following: 2 },
      { userid: 'wangwei', adds: 2, today: 1, following: 0 },
    ])
    expect((await room.channels.stats.of('chn_a', 180)).total.adds).toBe(5)
    expect(await room.channels.stats.recent(['chn_a', 'chn_b', 'chn_c'])).toEqual(
      new Map([
        ['chn_a', { today: 2, last30: 4 }],
        ['chn_b', { today: 1, last30: 1 }],
      ]),
    )
  })

  it('count what somebody bought who turns out to be the one who came, until they part', async () => {
    await room.tell('w10', room.added('w10', 'lina', 'chn_z', ago(5)))
    await room.tell('p10', order('p10', ago(3)))
    const ordered = async () => (await room.channels.stats.of('chn_z', 1)).total.ordered
    expect(await ordered()).toBe(0)
    const owners = createFactOwners(mongo.get())
    await mongo.get().transaction((session) => owners.handOn('p10', 'w10', 100, session))
    await room.channels.owned.handOn({ from: 'p10', to: 'w10' })
    expect(await ordered()).toBe(1)
    const parting = { whole: 'w10', to: 'p10', parts: ['p10'], wecom: false }
    await mongo.get().transaction((session) => owners.giveBack(parting, 100, session))
    await room.channels.owned.giveBack(parting)
    expect(await ordered()).toBe(0)
  })

  it('do not depend on the order in which facts are delivered, also side by side', async () => {
    const facts = [
      room.added('m1', 'lina', 'chn_m', ago(5), true),
      room.added('m1', 'lina', 'chn_m', ago(4)),
      order('m1', ago(3)),
      gone('m1', 'lina', ago(2)),
      room.added('m1', 'lina', 'chn_m', ago(1)),
    ]
    await Promise.all(facts.toReversed().map((fact) => room.tell('m1', fact)))
    expect((await room.channels.stats.of('chn_m', 1)).total).toEqual({
      adds: 2,
      following: 1,
      lost: 1,
      lost24h: 1,
      ordered: 1,
    })
  })
})
