import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { World } from '../support/world.ts'
import { isWide, startBrowser, type Actor, type Browser } from '../support/browser.ts'
import { expectNoProblems, openChat, openCompany, openConsole, order, signIn } from './company.ts'
import { recallRule } from './recall-rule.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })
const phone = { viewport: { width: 375, height: 812 } }

describe('the screens on the real product', () => {
  let world: World
  let browser: Browser
  /** 李娜's customer, and 陈晨's. */
  let hers = { externalUserId: '', id: '' }
  let foreign = { externalUserId: '', id: '' }

  const befriend = async (userid: string, name: string) => {
    const { external_userid: externalUserId } = await world.act('customers', { name, gender: 2 }, Made)
    await world.act('add', { userid, external_userid: externalUserId, add_way: 3 }, Nothing)
    await world.drain()
    const { id } = await world.call(api.customers.byExternal, { params: { id: externalUserId } })
    return { externalUserId, id }
  }

  beforeAll(async () => {
    ;[world, browser] = await Promise.all([openCompany(), startBrowser()])
    hers = await befriend('lina', '林晓雯')
    foreign = await befriend('chenchen', '一位名字特别特别长的客户Alexandria-Constantinople')
    await order(world, { externalUserId: hers.externalUserId, orderId: 'order-1', total: 1234567.5 })
    await world.drain()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  const pagesOf = async (who: 'manager' | 'rep'): Promise<string[]> => {
    const [{ items }, channels] = await Promise.all([world.call(api.rules.list), world.call(api.channels.list)])
    const all = [
      '',
      'customers',
      `customers/${hers.id}`,
      'contents',
      'talk-tracks',
      'media',
      'sends',
      'sends/calendar',
      'losses',
    ]
    const managers = [
      'segments',
      'segments/new/rule',
      'segments/new/list',
      'tiers',
      'tiers/rfm',
      'tiers/new/value',
      'tags',
      'tags/rules',
      'tags/rules/new',
      'attributes',
      'identities',
      'imports',
      'imports/new',
      'ingest',
      'privacy',
      'privacy/audit',
      'measure',
      'playbooks',
      'coupons',
      'setup',
      'rules',
      `rules/${items[0]?.id}`,
      'rules/new/recall',
      'contents/new',
      'groups',
      'groups/push',
      'groups/join-ways',
      'groups/welcomes',
      'groups/activity',
      'channels',
      'channels/new',
      `channels/${channels.items[0]?.id}`,
      `channels/${channels.items[0]?.id}/edit`,
      'broadcasts',
      'broadcasts/new',
      'inbox',
      'transfers',
      'settings/calendar',
    ]
    return who === 'rep' ? all : [...all, ...managers, 'settings', 'team']
  }
  /** Opens each page within the app, as a link does, and waits until nothing of it is still loading. */
  const visit = async ({ page }: Actor, path: string): Promise<void> => {
    await page.goto(`${world.stack.publicUrl}/console/${path}`)
    await page.locator('main h1, main h2, main input').first().waitFor()
    await page.getByTestId('skeleton').first().waitFor({ state: 'detached' })
  }

  /** 李娜's sidebar in a window of its own, without WeCom around it. */
  const openSidebar = async (externalUserId: string, options: Parameters<Browser['actor']>[0]): Promise<Actor> => {
    const actor = await browser.actor(options)
    await actor.page.goto(`${world.stack.publicUrl}/sidebar/?external=${externalUserId}`)
    await actor.page.locator('[data-userid="lina"]').click()
    return actor
  }

  it.each([
    ['wangmin', 'manager'],
    ['lina', 'rep'],
  ] as const)('every console page opens for %s, on a phone too', async (userid, who) => {
    const actor = await openConsole(world, browser, userid)
    for (const path of await pagesOf(who)) {
      await visit(actor, path)
      expect(await actor.page.getByTestId('error').count(), `${path} shows an error`).toBe(0)
      for (const width of [375, 1440]) {
        await actor.page.setViewportSize({ width, height: 900 })
        expect(await isWide(actor.page), `${path} at ${width} scrolls sideways`).toBe(false)
      }
    }
    expectNoProblems(actor)
  })

  it('signing in leads to the page that was asked for', async () => {
    const actor = await browser.actor()
    await actor.page.goto(`${world.stack.publicUrl}/console/customers/${hers.id}`)
    await signIn(actor, 'lina')
    await actor.page.getByTestId('customer-head').getByText('林晓雯').waitFor()
    expectNoProblems(actor)
  })

  it('a rep does not see another rep’s customer, and is told so', async () => {
    const actor = await openConsole(world, browser, 'lina', { expected: [/status of 403/] })
    await actor.page.goto(`${world.stack.publicUrl}/console/customers/${foreign.id}`)
    await actor.page.getByText('你没有跟进这位客户').waitFor()
    await actor.page.goto(`${world.stack.publicUrl}/console/rules`)
    await actor.page.getByText('主管').first().waitFor()
    expect(await actor.page.getByText('Alexandria').count()).toBe(0)
    const side = await openSidebar(foreign.externalUserId, { expected: [/status of 403/] })
    await side.page.getByTestId('foreign').waitFor()
    expectNoProblems(actor, side)
  })

  it.each([375, 400])('the sidebar fits a width of %d', async (width) => {
    const { page, problems } = await openSidebar(hers.externalUserId, { viewport: { width, height: 812 } })
    await page.getByTestId('customer-name').waitFor()
    expect(await isWide(page)).toBe(false)
    for (const place of ['tab-talk', 'segment-material', 'segment-waiting', 'segment-tasks', 'tab-tasks', 'tab-me']) {
      await page.getByTestId(place).click()
      expect(await isWide(page), place).toBe(false)
    }
    expect(problems).toEqual([])
  })

  it('both apps and the chat page speak English when asked', async () => {
    const actor = await openConsole(world, browser, 'wangmin')
    await actor.page.getByTestId('lang-switch').first().click()
    await actor.page.getByTestId('nav-customers').first().getByText('Customers').waitFor()
    await actor.page.reload()
    await actor.page.getByTestId('nav-customers').first().getByText('Customers').waitFor()
    const chat = await openChat(world, browser, 'lina', hers.externalUserId)
    await chat.sidebar.getByTestId('tab-me').click()
    await chat.sidebar.getByTestId('lang-en').click()
    await chat.sidebar.getByTestId('tab-customer').click()
    await chat.sidebar.getByText('What to say now').waitFor()
    await chat.page.getByTestId('lang-switch').click()
    await chat.page.getByText('WeCom sandbox').waitFor()
    expectNoProblems(actor, chat)
  })

  it('the chat page fits a phone, one pane at a time', async () => {
    const actor = await openChat(world, browser, 'lina', '', phone)
    expect(await isWide(actor.page)).toBe(false)
    await actor.page.getByTestId(`conversation-${hers.externalUserId}`).click()
    await actor.page.getByTestId('chat-input').waitFor()
    expect(await isWide(actor.page)).toBe(false)
    await actor.page.getByTestId('sidebar-toggle').click()
    await actor.sidebar.getByTestId('customer-name').waitFor()
    expect(await isWide(actor.page)).toBe(false)
    expectNoProblems(actor)
  })

  // Last: its month and its rule are nothing the screens above should meet.
  describe('a recall rule, from the form to the canvas', () => recallRule(() => ({ world, browser })))
})
