import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { CustomerProfile } from '@zhiyin/shared/customer'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import type { Reach } from './world.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })

/** 10:00 in Shanghai on a working day, outside quiet hours. */
export const morning = Date.parse('2026-06-01T02:00:00Z')

export type Company = {
  /** The `state` of the channel QR code of the rep lina. */
  readonly state: string
  readonly channelId: string
  /** A stranger in WeCom; nothing is known of them yet. */
  stranger(name: string): Promise<string>
  /** The stranger scans lina's channel QR code. */
  scan(externalUserId: string): Promise<void>
  /** `at`: when; default now. */
  order(externalUserId: string, orderId: string, yuan: number, at?: number): Promise<void>
  profile(externalUserId: string): Promise<CustomerProfile>
}

/** A small company: the rep lina with a tagged channel that welcomes by name, on a June morning unless `now` says otherwise. */
export const foundCompany = async (world: Reach, now: number | null = morning): Promise<Company> => {
  await world.act('clock/set', { now }, ClockState)
  await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
  await world.call(api.members.sync)
  const tag = await world.call(api.tags.create, { body: { name: '门店海报', group: '渠道' } })
  const { id: channelId, state } = await world.call(api.channels.create, {
    body: { name: '门店海报', userids: ['lina'], tagIds: [tag.id] },
  })
  const { id: contentId } = await world.call(api.contents.create, {
    body: { name: '欢迎', body: { text: '{{ customer.name }}你好' } },
  })
  const welcome = await world.call(api.rules.create, {
    body: {
      name: '欢迎',
      trigger: { type: 'customer.added', channelIds: [channelId] },
      steps: [{ id: 's1', type: 'send', channel: 'welcome', contentId }],
    },
  })
  await world.call(api.rules.turnOn, { params: { id: welcome.id } })
  await world.drain()
  return {
    state,
    channelId,
    stranger: async (name) => (await world.act('customers', { name }, Made)).external_userid,
    scan: async (external_userid) => void (await world.act('scan', { state, external_userid }, Nothing)),
    order: async (externalUserId, orderId, yuan, at) =>
      world.track({
        messageId: orderId,
        userId: `shop-${externalUserId}`,
        event: 'Order Completed',
        timestamp: new Date(at ?? (await world.now())).toISOString(),
        context: { traits: { external_userid: externalUserId } },
        properties: { order_id: orderId, total: yuan, currency: 'CNY' },
      }),
    profile: (externalUserId) => world.call(api.customers.byExternal, { params: { id: externalUserId } }),
  }
}

/** A rule that is on and writes to everybody who orders: the shortest way to a send. */
export const thankForOrders = async (world: Reach, text: string): Promise<string> => {
  const { id: contentId } = await world.call(api.contents.create, { body: { name: '感谢下单', body: { text } } })
  const rule = await world.call(api.rules.create, {
    body: {
      name: '感谢下单',
      trigger: { type: 'event', event: 'order.completed' },
      steps: [{ id: 's1', type: 'send', channel: 'mass', contentId }],
    },
  })
  await world.call(api.rules.turnOn, { params: { id: rule.id } })
  return rule.id
}

/** Waits until `look` says yes, asking less and less often; the conditions of a story, never a fixed pause. */
export const until = async (what: string, look: () => Promise<boolean>, withinMs = 30_000): Promise<void> => {
  const end = Date.now() + withinMs
  for (let restMs = 20; !(await look()); restMs = Math.min(restMs * 1.5, 100)) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, restMs))
  }
}
