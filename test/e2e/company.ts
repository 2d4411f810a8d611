import { expect } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import type { Actor, Browser } from '../support/browser.ts'
import { startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})

/** A Monday morning, ten o'clock in Shanghai. */
const start = Date.parse('2026-06-01T02:00:00Z')

/** A company on its first morning: 王敏 manages, 李娜 and 陈晨 have customers, a poster in the shop greets whoever scans it. */
export const openCompany = async (): Promise<World> => {
  const world = await startWorld()
  const { act, call } = world
  await act('clock/set', { now: start }, ClockState)
  await act('members', { userid: 'wangmin', name: '王敏', leader: true }, Nothing)
  await act('members', { userid: 'lina', name: '李娜', position: '护肤顾问' }, Nothing)
  await act('members', { userid: 'chenchen', name: '陈晨', position: '护肤顾问' }, Nothing)
  await call(api.members.sync)
  const tag = await call(api.tags.create, { body: { name: '门店海报', group: '渠道' } })
  await call(api.tags.create, { body: { name: '敏感肌', group: '肤质' } })
  const channel = await call(api.channels.create, { body: { name: '门店海报', userids: ['lina'], tagIds: [tag.id] } })
  const welcome = await call(api.contents.create, {
    body: { name: '欢迎', body: { text: '{{ customer.name }}你好，我是{{ rep.name }}，有事随时找我' } },
  })
  await call(api.contents.create, {
    body: {
      name: '沉默召回',
      body: { text: '好久不见，{{ customer.name }}，店里上了新品' },
      variants: [
        { when: { tiers: ['A'] }, body: { text: '{{ customer.name }}，给你留了一套会员专享，这周都有效' } },
        { when: { tiers: ['B'] }, body: { text: '{{ customer.name }}，你常买的精华出新款了' } },
      ],
    },
  })
  const rule = await call(api.rules.create, {
    body: {
      name: '渠道欢迎',
      trigger: { type: 'customer.added', channelIds: [channel.id] },
      steps: [{ id: 's1', type: 'send', channel: 'welcome', contentId: welcome.id }],
    },
  })
  await call(api.rules.turnOn, { params: { id: rule.id } })
  await world.drain()
  return world
}

/** Signs somebody in to the console the way a person does: the button, then their name on WeCom's page. */
export const signIn = async ({ page }: Actor, userid: string): Promise<void> => {
  await page.getByTestId('login-button').click()
  await page.locator(`[data-userid="${userid}"]`).click()
  await page.waitForURL(/\/console\//)
  await page.getByTestId('sign-out').first().waitFor({ state: 'attached' })
}

/** Opens the console as somebody. */
export const openConsole = async (
  world: World,
  browser: Browser,
  userid: string,
  options: Parameters<Browser['actor']>[0] = {},
): Promise<Actor> => {
  const actor = await browser.actor(options)
  await actor.page.goto(`${world.stack.publicUrl}/console/`)
  await signIn(actor, userid)
  return actor
}

/** Opens the chat page as a rep (userid) or a customer (external_userid). */
export const openChat = async (
  world: World,
  browser: Browser,
  as: string,
  chat = '',
  options: Parameters<Browser['actor']>[0] = {},
): Promise<Actor> => {
  const actor = await browser.actor(options)
  await actor.page.goto(`${world.stack.wecomUrl}/?${new URLSearchParams({ as, chat }).toString()}`)
  await actor.page.getByTestId('conversations').or(actor.page.getByTestId('bubble').first()).first().waitFor()
  return actor
}

type Buyer = { externalUserId: string; orderId: string; total: number; product?: string }

export const order = (world: World, { externalUserId, orderId, total, product = '舒缓精华' }: Buyer): Promise<void> =>
  world.track({
    messageId: orderId,
    userId: `shop-${externalUserId}`,
    event: 'Order Completed',
    context: { traits: { external_userid: externalUserId } },
    properties: {
      order_id: orderId,
      total,
      currency: 'CNY',
      products: [{ product_id: 'p1', name: product, category: '护肤', price: total, quantity: 1 }],
    },
  })

/** Nothing went wrong in anybody's browser. */
export const expectNoProblems = (...actors: readonly Actor[]): void =>
  expect(actors.flatMap(({ problems }) => problems)).toEqual([])
