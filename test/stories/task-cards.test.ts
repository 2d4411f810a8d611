import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { foundCompany } from '../support/company.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.looseObject({})
const Card = z.object({
  template_card: z.looseObject({
    main_title: z.object({ title: z.string() }),
    sub_title_text: z.string().optional(),
    task_id: z.string().optional(),
  }),
})

/** A rep's task comes as a card in WeCom; what its buttons say comes back by callback, also as the official sample spells it. */
describe('a task card', () => {
  let world: World
  let customerId = ''
  let taskId = ''

  beforeAll(async () => {
    world = await startWorld()
    const company = await foundCompany(world)
    const externalUserId = await company.stranger('陈琳')
    await company.scan(externalUserId)
    await world.drain()
    customerId = (await company.profile(externalUserId)).id
  })
  afterAll(() => world.close())

  const cards = async () =>
    (await world.ledger({ via: 'app' }))
      .filter(({ msgtype }) => msgtype === 'template_card')
      .map(({ content }) => Card.parse(content).template_card)
  const press = async (round: number, key: string) => {
    await world.act('app/card', { userid: 'lina', task_id: `${taskId}@${round}`, key }, Nothing)
    await world.drain()
  }
  const task = async (state: 'open' | 'done') =>
    (await world.call(api.tasks.list, { query: { customerId, state } })).items.find(({ id }) => id === taskId)

  it('comes when the task is due', async () => {
    const dueAt = new Date((await world.now()) + hours(2)).toISOString()
    const body = { key: 'call-chen-1', customerId, title: '打电话给陈琳', dueAt }
    taskId = (await world.call(api.tasks.create, { body })).id
    await world.advance(hours(1))
    expect(await cards()).toEqual([])
    await world.advance(hours(1))
    expect(await cards()).toMatchObject([{ main_title: { title: '打电话给陈琳' }, task_id: `${taskId}@0` }])
  })

  it('puts the task off by an hour, and comes again', async () => {
    await press(0, 'task.later')
    expect(Date.parse((await task('open'))?.dueAt ?? '')).toBeGreaterThan((await world.now()) + hours(0.9))
    expect((await cards())[0]?.sub_title_text).toContain('已推迟到')
    await world.advance(hours(1))
    expect((await cards()).map(({ task_id }) => task_id)).toEqual([undefined, `${taskId}@1`])
  })

  it('ticks the task off, once, whatever else is told of it', async () => {
    await press(1, 'task.done')
    expect(await task('done')).toBeDefined()
    expect((await cards())[1]?.sub_title_text).toContain('已完成')
    const opiton = { FromUserName: 'lina', EventKey: 'task.later', TaskId: `${taskId}@1`, ResponseCode: 'USED' }
    await world.act('callbacks', { event: 'template_card_event.opiton', fields: opiton }, z.unknown())
    await world.drain()
    expect(await task('done')).toBeDefined()
    const { items } = await world.call(api.customers.timeline, { params: { id: customerId }, query: { limit: 100 } })
    expect(items.filter(({ type }) => type === 'task.done')).toHaveLength(1)
    const { items: dead } = await world.call(api.system.inbox, { query: { state: 'dead' } })
    expect(dead).toEqual([])
  })
})
