import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { Task } from '@zhiyin/shared/api/tasks'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { foundCompany, thankForOrders, until, type Company } from '../support/company.ts'
import { pngFile, textFile } from '../support/media.ts'
import { startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const welcomePath = '/cgi-bin/externalcontact/send_welcome_msg'
const Message = z.object({ attachments: z.array(z.looseObject({ msgtype: z.string() })) })

/** A welcome has 20 seconds; what does not get through in them is the rep's to say. */
describe('the welcome', () => {
  let world: World
  let company: Company

  beforeAll(async () => {
    world = await startWorld()
    company = await foundCompany(world)
    const keep = (kind: 'image' | 'file', name: string, file: Uint8Array<ArrayBuffer>) =>
      world.call(api.media.upload, { query: { kind, name }, file })
    const [cover, book] = [
      await keep('image', '封面.png', pngFile()),
      await keep('file', '手册.pdf', textFile('%PDF-1.7')),
    ]
    const image = { assetId: cover.id, name: cover.name }
    const { id: contentId } = await world.call(api.contents.create, {
      body: {
        name: '欢迎老客户',
        body: {
          text: '{{ customer.name }}，欢迎回来',
          attachments: [
            { type: 'image', ...image },
            { type: 'miniprogram', title: '会员卡', appid: 'wx1', page: 'pages/card.html', ...image },
            { type: 'file', assetId: book.id, name: book.name },
          ],
        },
      },
    })
    const rule = await world.call(api.rules.create, {
      body: {
        name: '欢迎老客户',
        trigger: { type: 'customer.added', who: 'returning', userids: ['lina'], channelIds: [await channelId()] },
        steps: [{ id: 's1', type: 'send', channel: 'welcome', contentId }],
      },
    })
    await world.call(api.rules.turnOn, { params: { id: rule.id } })
    await world.drain()
  })
  afterAll(() => world.close())

  const channelId = async (): Promise<string> => {
    const [channel] = (await world.call(api.channels.list)).items
    if (channel === undefined) throw new Error('no channel')
    return channel.id
  }
  const lost = async (): Promise<Task[]> =>
    (await world.call(api.tasks.list, { query: {} })).items.filter(({ kind }) => kind === 'welcome_failed')

  it('carries its files to a customer who comes back, within the 20 s, while bulk sends wait', async () => {
    const id = await company.stranger('陈静')
    await company.order(id, 'o1', 200)
    await world.drain()
    await thankForOrders(world, '谢谢')
    const buyers = await Promise.all(Array.from({ length: 60 }, (_, index) => company.stranger(`买家${index}`)))
    for (const buyer of buyers) await company.scan(buyer)
    await Promise.all(buyers.map((buyer, index) => company.order(buyer, `b${index}`, 100)))
    await company.scan(id)
    await until('the welcome has come', async () => (await world.ledger({ to: id, via: 'welcome' })).length > 0, 20_000)
    const [welcome] = await world.ledger({ to: id, via: 'welcome' })
    expect(welcome?.text).toBe('陈静，欢迎回来')
    expect(Message.parse(welcome?.content).attachments.map(({ msgtype }) => msgtype)).toEqual([
      'image',
      'miniprogram',
      'file',
    ])
    const [callback] = (await world.wecom(admin.callbacks.list, { query: {} })).filter(({ message }) =>
      message.includes(id),
    )
    expect((welcome?.at ?? 0) - (callback?.at ?? 0)).toBeLessThan(20_000)
    await world.drain()
    expect(await lost()).toEqual([])
  })

  it('whose code another app took becomes one task of the rep', async () => {
    const id = await company.stranger('王芳')
    await world.act('faults', { path: welcomePath, kind: 'errcode', errcode: 41051, times: 1 }, Nothing)
    await company.scan(id)
    await world.drain()
    expect(await world.ledger({ to: id, via: 'welcome' })).toEqual([])
    const [task, ...more] = await lost()
    expect(more).toEqual([])
    expect(task).toMatchObject({ userid: 'lina', customer: '王芳', because: [{ code: 'block.welcome_taken' }] })
    const { items } = await world.call(api.customers.suggestions, { params: { id: task?.customerId ?? '' } })
    expect(items[0]).toMatchObject({ text: '王芳你好', because: [{ code: 'block.welcome_by_hand' }] })
    // Said by hand, it is done.
    await world.call(api.customers.said, {
      params: { id: task?.customerId ?? '' },
      body: { key: 'said-by-hand-1', text: '王芳你好', intentId: items[0]?.intentId },
    })
    expect(await lost()).toEqual([])
  })

  it('whose code died while no worker ran becomes one task, and nothing is sent late', async () => {
    const id = await company.stranger('李强')
    await world.stack.processes.worker?.stop('SIGKILL')
    await company.scan(id)
    await world.advanceOnly(25_000)
    await world.stack.processes.worker?.start()
    await until('the task is there', async () => (await lost()).length > 0)
    await world.drain()
    expect(await lost()).toMatchObject([{ customer: '李强', because: [{ code: 'block.welcome_expired' }] }])
    expect(await world.ledger({ to: id, via: 'welcome' })).toEqual([])
  })
})
