import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { importRoom, type ImportRoom } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-03-02T02:00:00Z'))
let room: ImportRoom

beforeAll(async () => {
  room = await importRoom(mongo.get(), clock)
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
})
afterAll(() => room.close())

const ordersOf = async (phone: string) => {
  const { facts, view } = await room.customer('phone', phone)
  const orders = facts.flatMap((fact) => (fact.type === 'order.completed' ? [fact] : []))
  return { view, orders: orders.sort((a, b) => a.at.getTime() - b.at.getTime()) }
}

describe('a file of orders', () => {
  it('makes one order of the lines with its number, wherever they stand', async () => {
    const file = [
      '订单号,手机,下单时间,商品名称,类目,数量,单价',
      'A1,13800138001,2025/3/1 8:05,精华,护肤,2,¥199.50',
      'A2,13800138002,2025/3/1 9:00,面膜,护肤,1,99',
      'A1,13800138001,2025/3/1 8:05,口红,彩妆,1,"1,299.00"',
      'A3,13800138001,45717.5,礼盒,,3,12.5万',
    ].join('\n')
    const done = await room.take('orders', file)
    expect(done).toMatchObject({
      state: 'done',
      counts: { rows: 4, created: 3, updated: 0, unchanged: 0, rejected: 0 },
    })
    const { view, orders } = await ordersOf('13800138001')
    expect(view).toMatchObject({ orders: 2, spend: 39_900 + 129_900 + 37_500_000 })
    expect(orders[0]).toMatchObject({
      at: new Date('2025-03-01T00:05:00Z'),
      payload: {
        orderId: 'A1',
        amount: 169_800,
        currency: 'CNY',
        products: [
          { name: '精华', category: '护肤', quantity: 2, price: 19_950 },
          { name: '口红', category: '彩妆', quantity: 1, price: 129_900 },
        ],
      },
    })
    expect(await mongo.get().connection.collection('importorders').countDocuments({})).toBe(0)
  })

  it('takes an amount of the whole order once, and refuses lines that disagree', async () => {
    const file = [
      '订单号,手机,下单时间,订单金额,商品名称',
      'B1,13800138001,2025-03-01,300,甲',
      'B1,13800138001,2025-03-01,300,乙',
      'B2,13800138001,2025-03-01,100,甲',
      'B2,13800138001,2025-03-01,200,乙',
      'B3,13800138001,2025-03-01,100,甲',
      'B3,13800138002,2025-03-01,100,乙',
      'B4,13800138001,2025-03-01,-5,甲',
      'B5,,2025-03-01,5,甲',
      ',13800138001,2025-03-01,5,甲',
      'B6,13800138001,3/4/2025,5,甲',
      'B7,13800138001,2030-01-01,5,甲',
      'B8,13800138001,2025-03-01,5,甲',
      'B8,13800138001,2025-03-01,免费,乙',
    ].join('\n')
    const { id, counts } = await room.take('orders', file)
    expect(counts).toEqual({ rows: 13, created: 1, updated: 0, unchanged: 0, rejected: 11 })
    expect((await ordersOf('13800138001')).orders[0]?.payload).toMatchObject({ orderId: 'B1', amount: 30_000 })
    expect(
      (await room.rejected(id)).map(({ row, problems }) => [row, problems.map(({ problem }) => problem.code).join()]),
    ).toEqual([
      [4, 'order.amounts_differ'],
      [5, 'order.amounts_differ'],
      [6, 'order.customers_differ'],
      [7, 'order.customers_differ'],
      [8, 'money.negative'],
      [9, 'row.no_identity'],
      [10, 'row.missing'],
      [11, 'time.ambiguous'],
      [12, 'time.future'],
      [13, 'order.other_line'],
      [14, 'money.not'],
    ])
  })

  it('knows amounts in other currencies, and refunds of all or of a part', async () => {
    const file = [
      'order id,email,date,total,currency,refund,refund date',
      'C1,a@b.cn,2025-03-01,$12.34,,,',
      'C2,a@b.cn,2025-03-02,500,JPY,,',
      'C3,a@b.cn,2025-03-03,100,CNY,30,2025-03-05',
      'C4,a@b.cn,2025-03-04,100,CNY,已退款,',
      'C5,a@b.cn,2025-03-05,100,CNY,否,',
      'C6,a@b.cn,2025-03-06,100,CNY,101,',
      'C7,a@b.cn,2025-03-06,¥100,USD,,',
    ].join('\n')
    const { id, counts } = await room.take('orders', file)
    expect(counts).toMatchObject({ created: 5, rejected: 2 })
    const { view, facts } = await room.customer('email', 'a@b.cn')
    const orders = facts.flatMap((fact) =>
      fact.type === 'order.completed'
        ? [`${fact.payload.orderId} ${fact.payload.amount} ${fact.payload.currency}`]
        : [],
    )
    expect(orders.sort()).toEqual(['C1 1234 USD', 'C2 500 JPY', 'C3 10000 CNY', 'C4 10000 CNY', 'C5 10000 CNY'])
    expect(
      facts
        .flatMap((fact) =>
          fact.type === 'order.refunded' ? [[fact.payload.orderId, fact.payload.amount, fact.at.toISOString()]] : [],
        )
        .sort(),
    ).toEqual([
      ['C3', 3000, '2025-03-04T16:00:00.000Z'],
      ['C4', 10_000, '2025-03-03T16:00:00.000Z'],
    ])
    expect(view.orders).toBeGreaterThan(3)
    expect((await room.rejected(id)).map(({ problems }) => problems[0]?.problem.code)).toEqual([
      'order.refund_too_large',
      'money.currencies_differ',
    ])
  })

  it('keeps orders without a number apart, also those that say the same, and none twice', async () => {
    const file = [
      'customer,date,amount',
      'U1,19970101,11.77',
      'U1,19970101,11.77',
      'U1,19970112,12',
      'U2,19970101,11.77',
    ].join('\n')
    const columns = [
      { to: 'identity', kind: 'user_id' },
      { to: 'order', field: 'time' },
      { to: 'order', field: 'amount' },
    ] as const
    expect(await room.take('orders', file, columns)).toMatchObject({ counts: { rows: 4, created: 4 } })
    expect((await room.customer('user_id', 'U1')).view).toMatchObject({ orders: 3, spend: 1177 * 2 + 1200 })
    expect(await room.take('orders', file, columns)).toMatchObject({
      counts: { rows: 4, created: 0, unchanged: 4 },
    })
    const longer = `${file}\nU1,19970101,11.77\nU3,19980101,5`
    expect(await room.take('orders', longer, columns)).toMatchObject({
      counts: { rows: 6, created: 2, unchanged: 4 },
    })
    expect((await room.customer('user_id', 'U1')).view).toMatchObject({ orders: 4, spend: 1177 * 3 + 1200 })
  })

  it('changes nothing when it is taken again, and brings what has changed of an order', async () => {
    const file = '订单号,手机,下单时间,订单金额,退款\nD1,13800138001,2025-03-01,100,\nD2,13800138001,2025-03-02,200,\n'
    await room.take('orders', file)
    const before = await room.customer('phone', '13800138001')
    expect(await room.take('orders', file)).toMatchObject({ counts: { created: 0, updated: 0, unchanged: 2 } })
    expect((await room.customer('phone', '13800138001')).whole).toEqual(before.whole)
    expect(await room.take('orders', file.replace('200,', '200,50'))).toMatchObject({
      counts: { created: 0, updated: 1, unchanged: 1 },
    })
    expect((await room.customer('phone', '13800138001')).view).toMatchObject({ orders: 2, spend: 25_000 })
    for (const amount of ['180', '90', '150']) {
      clock.advance(60_000)
      expect(await room.take('orders', file.replace('200,', `${amount},50`))).toMatchObject({
        counts: { updated: 1, unchanged: 1 },
      })
      expect((await room.customer('phone', '13800138001')).view).toMatchObject({
        orders: 2,
        spend: 10_000 + Number(amount) * 100 - 5_000,
      })
    }
  })
})
