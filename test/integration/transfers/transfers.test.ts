import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { handlersOf } from '@zhiyin/shared/events'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'
import { transferRooms } from './harness.ts'

const DAY = 86_400_000
const mongo = useMongo()
const world = useWecom()
const paths = {
  customers: '/cgi-bin/externalcontact/transfer_customer',
  result: '/cgi-bin/externalcontact/transfer_result',
  groups: '/cgi-bin/externalcontact/groupchat/onjob_transfer',
} as const
let rooms: ReturnType<typeof transferRooms>
let serial = 0
/** A member of this test alone, who hands over. */
let from = ''

beforeAll(async () => {
  rooms = transferRooms(mongo.get(), world)
  await mongo.indexes()
})
beforeEach(async () => {
  rooms = transferRooms(mongo.get(), world)
  from = `rep${++serial}`
  await rooms.member(from)
})
const pass = async (ms: number): Promise<void> => {
  await world.advance(ms)
  await rooms.settle()
}

describe('on the job', () => {
  it('hands all over, by shares, leaving customers with whom they know; holds, tasks and runs go along', async () => {
    const { transfers, customer, ask, settle, read, engine, tasks, heldInWecom } = rooms
    const list = []
    for (let i = 0; i < 5; i += 1) list.push(await customer(from))
    const known = await customer(from, 'lina')
    const [first] = list
    if (first === undefined) throw new Error('no customer')
    await tasks.create({
      key: `k${from}`,
      kind: 'manual',
      title: '回访',
      userid: from,
      customerIds: [first.id],
      dueAt: null,
      because: [],
    })
    await mongo
      .get()
      .connection.collection('ruleruns')
      .insertOne({
        customerId: first.id,
        ruleId: 'r',
        entryKey: from,
        open: true,
        context: { userid: from, factId: null },
      })
    await world.act('delete-by-customer', { userid: from, external_userid: first.external })
    world.clock.advance(1000)
    const asked = ask({
      from,
      takeovers: [
        { userid: 'wangwei', share: 2 },
        { userid: 'lina', share: 1 },
      ],
      message: '以后由新同事为您服务',
    })
    const id = await transfers.start(asked, '主管')
    expect(await transfers.start(asked, '主管')).toBe(id)
    await settle()
    expect(await read.get(id)).toMatchObject({ mode: 'onjob', counts: { customer: 6 }, states: { waiting: 6 } })
    expect((await rooms.itemsOf(id)).find(({ customerId }) => customerId === known.id)?.to).toBe('lina')
    await pass(DAY + 11 * 60_000)
    const done = await read.get(id)
    expect(done.states.done).toBe(6)
    expect(done.byTaker).toEqual(
      new Map([
        ['wangwei', { done: 4, total: 4 }],
        ['lina', { done: 2, total: 2 }],
      ]),
    )
    const to = (await rooms.itemsOf(id)).find(({ customerId }) => customerId === first.id)?.to ?? ''
    const doc = await engine.read.whole(first.id)
    expect(doc?.heldBy).toEqual([to])
    expect(doc?.contact?.follows.map(({ userid }) => userid)).toEqual([to])
    const facts = (await engine.timeline.timeline(first.id, { limit: 50 })).items
    expect(facts.filter(({ type }) => type === 'contact.added')[0]?.payload).toMatchObject({
      userid: to,
      from,
      transfer: true,
    })
    expect(facts.find(({ type }) => type === 'contact.deleted_by_rep')?.payload).toEqual({
      userid: from,
      transfer: true,
      to,
    })
    expect(doc?.stage.stage).not.toBe('lost')
    expect((await tasks.list({ scope: [to], state: 'open', customerId: first.id, limit: 5 })).items).toHaveLength(1)
    const run = await mongo.get().connection.collection('ruleruns').findOne({ entryKey: from })
    expect(run?.['context']).toMatchObject({ userid: to })
    for (const holders of await heldInWecom([...list, known].map(({ external }) => external)))
      expect(holders).toHaveLength(1)
    await settle()
    expect(await transfers.backlog.count(world.clock.date())).toMatchObject({ pending: 0, due: 0 })
  })

  it('writes before it calls; a lost answer is looked up, never repeated', async () => {
    const { transfers, customer, ask, settle, read } = rooms
    await customer(from)
    await world.act('faults', { path: paths.customers, kind: 'cut_after', times: 1 })
    const before = await world.calls(paths.customers)
    const id = await transfers.start(ask({ from }), '主管')
    await settle()
    expect((await read.get(id)).states.unsure).toBe(1)
    await pass(4000)
    expect((await read.get(id)).states.waiting).toBe(1)
    expect((await world.calls(paths.customers)) - before).toBe(1)
  })

  it('a call that never reached WeCom is made again', async () => {
    const { transfers, customer, ask, settle, read } = rooms
    await customer(from)
    await world.act('faults', { path: paths.customers, kind: 'cut_before', times: 1 })
    const id = await transfers.start(ask({ from }), '主管')
    await settle()
    await pass(4000)
    expect((await read.get(id)).states.waiting).toBe(1)
  })

  it('a process that died in a call is looked up as well', async () => {
    const { transfers, customer, ask, settle, read, heldInWecom } = rooms
    const soon = (ms: number) => new Date(world.clock.now() + ms)
    const { external } = await customer(from)
    const id = await transfers.start(ask({ from }), '主管')
    await settle()
    // As a crash between the call and what is written after it leaves it.
    await mongo
      .get()
      .connection.collection('transferitems')
      .updateMany({ transferId: id }, { $set: { state: 'calling', claim: 'dead', lookAt: soon(30_000), at: null } })
    await mongo
      .get()
      .connection.collection<{ _id: string }>('transfers')
      .updateOne({ _id: id }, { $set: { lookAt: soon(30_000) } })
    expect(await transfers.backlog.count(world.clock.date())).toMatchObject({ pending: 1, due: 0 })
    await pass(31_000)
    expect((await read.get(id)).states.waiting).toBe(1)
    await pass(DAY + 11 * 60_000)
    expect((await read.get(id)).states.done).toBe(1)
    expect(await heldInWecom([external])).toEqual([['wangwei']])
  })

  it('a refusal is told by its callback: reason, timeline, task for who keeps them; another member may try', async () => {
    const { transfers, customer, ask, settle, read, engine, tasks } = rooms
    const one = await customer(from)
    const id = await transfers.start(ask({ from }), '主管')
    await settle()
    await world.act('transfers/refuse', { external_userid: one.external })
    const record = {
      id: 'inb_1',
      key: `fail${from}`,
      event: 'change_external_contact.transfer_fail' as const,
      fields: { userid: 'wangwei', externalUserId: one.external, failReason: 'customer_refused' },
      createTime: world.clock.date(),
      receivedAt: world.clock.date(),
    }
    for (const handler of [
      ...(handlersOf(engine.profile.handlers)[record.event] ?? []),
      ...(transfers.handlers[record.event] ?? []),
    ]) {
      await handler.run(record)
      await handler.run(record)
    }
    await settle()
    const [item] = await rooms.itemsOf(id)
    expect(item).toMatchObject({ state: 'refused', reason: 'customer_refused' })
    const facts = (await engine.timeline.timeline(one.id, { limit: 50 })).items
    expect(facts.filter(({ type }) => type === 'contact.transfer_failed').map(({ payload }) => payload)).toEqual([
      { userid: 'wangwei', from, reason: 'customer_refused' },
    ])
    expect((await tasks.list({ scope: [from], state: 'open', limit: 9 })).items).toMatchObject([
      { kind: 'transfer_failed', because: [{ code: 'transfer.failed' }] },
    ])
    expect(await read.get(id)).toMatchObject({ retriable: 1 })
    expect(await transfers.retry(id, 'lina', null)).toBe(1)
    await settle()
    expect(await rooms.itemsOf(id)).toMatchObject([{ state: 'waiting', to: 'lina' }])
    await pass(DAY + 11 * 60_000)
    expect((await engine.read.whole(one.id))?.heldBy).toEqual(['lina'])
  })

  it('a refusal whose callback was lost is found by the poll', async () => {
    const { transfers, customer, ask, settle } = rooms
    const one = await customer(from)
    const id = await transfers.start(ask({ from }), '主管')
    await settle()
    await world.act('transfers/refuse', { external_userid: one.external })
    await pass(DAY + 11 * 60_000)
    expect(await rooms.itemsOf(id)).toMatchObject([{ state: 'refused', reason: 'customer_refused' }])
  })

  it('twice in 90 days is kept with its reason and not tried with somebody else; a full member is', async () => {
    const { transfers, customer, ask, settle, learn } = rooms
    const often = await customer(from)
    for (const [a, b] of [
      [from, 'wangwei'],
      ['wangwei', from],
    ] as const) {
      const id = await transfers.start(
        ask({ from: a, customers: [often.id], takeovers: [{ userid: b, share: 1 }] }),
        '主管',
      )
      await settle()
      await pass(DAY + 11 * 60_000)
      expect(await rooms.itemsOf(id)).toMatchObject([{ state: 'done' }])
    }
    await learn(often.external)
    const fresh = await customer(from)
    await world.put('limits', { customersPerMember: 0 })
    const id = await transfers.start(ask({ from, customers: [often.id, fresh.id] }), '主管')
    await settle()
    expect((await rooms.itemsOf(id)).map(({ state, reason }) => [state, reason]).toSorted()).toEqual([
      ['failed', '40099'],
      ['failed', '40128'],
    ])
    await world.put('limits', { customersPerMember: 20_000 })
    expect(await transfers.retry(id, 'lina', null)).toBe(1)
    await settle()
    expect((await rooms.itemsOf(id)).map(({ state }) => state).toSorted()).toEqual(['failed', 'waiting'])
  })

  it('somebody else’s hand-over of the same customer is not taken for ours', async () => {
    const { transfers, customer, ask, settle } = rooms
    const one = await customer(from)
    await world.adapter().setup.transferCustomers({ kind: 'onjob', from, to: 'lina' }, [one.external])
    const id = await transfers.start(ask({ from }), '主管')
    await settle()
    await pass(4000)
    expect(await rooms.itemsOf(id)).toMatchObject([{ state: 'failed', reason: '40129' }])
  })

  it('a customer in one hand-over is left out of another', async () => {
    const { transfers, customer, ask, settle, read } = rooms
    const one = await customer(from)
    await customer(from)
    await transfers.start(ask({ from, customers: [one.id] }), '主管')
    await settle()
    const id = await transfers.start(ask({ from, takeovers: [{ userid: 'lina', share: 1 }] }), '主管')
    await settle()
    expect(await read.get(id)).toMatchObject({ counts: { customer: 1 }, skipped: 1 })
  })

  it('waits where WeCom is busy, stands still and says why where a right is missing', async () => {
    const { transfers, customer, ask, settle, read } = rooms
    await customer(from)
    await world.act('faults', { path: paths.customers, kind: 'errcode', errcode: 45033, times: 1 })
    const id = await transfers.start(ask({ from }), '主管')
    await settle()
    expect(await read.get(id)).toMatchObject({ states: { planned: 1 }, problem: null })
    await world.act('faults', { path: paths.customers, kind: 'errcode', errcode: 48002, times: 1 })
    await pass(31_000)
    expect(await read.get(id)).toMatchObject({ states: { planned: 1 }, problem: { errcode: 48002 } })
    await pass(11 * 60_000)
    expect(await read.get(id)).toMatchObject({ states: { waiting: 1 }, problem: null })
  })

  it('refuses who is not here, and handing over to oneself', async () => {
    const { transfers, ask } = rooms
    const start = (takeovers: { userid: string; share: number }[]) => transfers.start(ask({ from, takeovers }), '主管')
    await expect(start([{ userid: from, share: 1 }])).rejects.toMatchObject({ code: 'transfer.same_person' })
    await expect(start([{ userid: 'nobody', share: 1 }])).rejects.toMatchObject({ code: 'transfer.not_here' })
    const twice = { userid: 'lina', share: 1 }
    await expect(start([twice, twice])).rejects.toMatchObject({ code: 'transfer.same_person' })
  })
})

describe('groups', () => {
  it('change hands at once; a lost answer is looked up by the owner', async () => {
    const { transfers, group, ask, settle, changedGroups } = rooms
    const chats = [await group(from), await group(from)]
    await world.act('faults', { path: paths.groups, kind: 'cut_after', times: 1 })
    const id = await transfers.start(ask({ from, customers: [], groups: 'all' }), '主管')
    await settle()
    expect((await rooms.itemsOf(id)).map(({ state }) => state)).toEqual(['unsure', 'unsure'])
    await pass(4000)
    expect((await rooms.itemsOf(id)).map(({ state }) => state)).toEqual(['done', 'done'])
    expect(changedGroups.toSorted()).toEqual(chats.toSorted())
    for (const chat of chats) expect((await world.adapter().read.groupChat(chat))?.owner).toBe('wangwei')
  })

  it('no more than 300 a day of one member: the others go on tomorrow', async () => {
    const { transfers, group, ask, settle } = rooms
    await group(from)
    await mongo
      .get()
      .connection.collection('transferitems')
      .insertMany(
        Array.from({ length: 300 }, (_, i) => ({
          target: `wr_${from}_${i}`,
          transferId: `other_${from}`,
          from,
          what: 'group',
          attempt: 1,
          calledAt: world.clock.date(),
          state: 'done',
        })),
      )
    const before = await world.calls(paths.groups)
    const id = await transfers.start(ask({ from, customers: [], groups: 'all' }), '主管')
    await settle()
    expect(await rooms.itemsOf(id)).toMatchObject([{ state: 'planned', reason: '45009' }])
    expect(await world.calls(paths.groups)).toBe(before)
    await pass(DAY)
    expect(await rooms.itemsOf(id)).toMatchObject([{ state: 'done' }])
  })
})

describe('a member who has left', () => {
  it('becomes an entry with what they held, told to the managers once; gone when all is handed over', async () => {
    const { transfers, customer, group, ask, settle, read, told, leave, heldInWecom } = rooms
    const list = [await customer(from), await customer(from)]
    await group(from)
    await leave(from)
    await transfers.leavers.soon()
    await transfers.leavers.check()
    await transfers.leavers.check()
    const mine = async () => (await read.leavers(null)).items.find(({ _id }) => _id === from)
    expect(await mine()).toMatchObject({ customers: 2, groups: 1, leftAt: expect.any(Date) })
    expect(told.filter(({ text }) => text.includes(`${from}名`))).toEqual([
      {
        userid: 'boss',
        text: `${from}名 已离职，还有 2 位客户、1 个群待继承\nhttps://zhiyin.example/console/transfers`,
      },
    ])
    const id = await transfers.start(ask({ from, groups: 'all' }), '主管')
    await settle()
    expect(await read.get(id)).toMatchObject({ mode: 'resigned', states: { waiting: 2, done: 1 } })
    await pass(DAY + 11 * 60_000)
    expect(await read.get(id)).toMatchObject({ states: { done: 3 } })
    expect(await heldInWecom(list.map(({ external }) => external))).toEqual([['wangwei'], ['wangwei']])
    await mongo
      .get()
      .connection.collection('groups')
      .updateMany({ owner: from }, { $set: { owner: 'wangwei' } })
    await transfers.leavers.check()
    expect(await mine()).toBeUndefined()
  })

  it('who turns out to be here still is handed over on the job (40097)', async () => {
    const { transfers, customer, ask, settle, read } = rooms
    const one = await customer(from)
    const id = await transfers.start(ask({ from, customers: [one.id] }), '主管')
    await mongo
      .get()
      .connection.collection<{ _id: string }>('transfers')
      .updateOne({ _id: id }, { $set: { mode: 'resigned' } })
    await settle()
    await pass(1000)
    expect(await read.get(id)).toMatchObject({ mode: 'onjob', states: { waiting: 1 } })
  })

  it('WeCom’s refusal to list them is kept for the page', async () => {
    const { transfers, read } = rooms
    await world.act('faults', {
      path: '/cgi-bin/externalcontact/get_unassigned_list',
      kind: 'errcode',
      errcode: 48002,
      times: 1,
    })
    await transfers.sweep.run(world.clock.date())
    await expect(transfers.leavers.check()).rejects.toMatchObject({ errcode: 48002 })
    expect((await read.leavers(null)).check).toMatchObject({ problem: { errcode: 48002 } })
    await transfers.leavers.check()
    expect((await read.leavers(null)).check).toMatchObject({ problem: null, at: world.clock.date() })
  })
})
