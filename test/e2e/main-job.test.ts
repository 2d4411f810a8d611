import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from '@zhiyin/shared/api'
import { hours, type World } from '../support/world.ts'
import { startBrowser, type Actor, type Browser } from '../support/browser.ts'
import { expectNoProblems, openChat, openCompany, openConsole, order, signIn } from './company.ts'

/** How soon a page that asks every few seconds must show what happened. */
const soon = { timeout: 20_000 }
/** Thirty days are longer than any session: what the open pages ask then is refused until they are signed in anew. */
const outlived = { expected: [/status of 401/] }

/** The story of stories/main-job.test.ts as people see it: WeCom with the sidebar in it for rep and customer, the console for the manager. */
describe('the main job in a browser', () => {
  let world: World
  let browser: Browser
  let manager: Actor
  let lina: Actor
  let linXiaowen: Actor
  let externalUserId = ''

  beforeAll(async () => {
    ;[world, browser] = await Promise.all([openCompany(), startBrowser()])
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  const textOf = (actor: Actor, testId: string) => actor.sidebar.getByTestId(testId).innerText(soon)
  const bubbles = (actor: Actor, via: string) => actor.page.locator(`[data-testid="bubble"][data-via="${via}"]`)

  it('a manager signs in by WeCom and switches on the recall rule from its template', async () => {
    manager = await openConsole(world, browser, 'wangmin', outlived)
    const { page } = manager
    await page.getByTestId('nav-rules').click()
    await page.getByTestId('rule-template-recall').click()
    expect(await page.getByTestId('rule-name').inputValue()).toBe('沉默 30 天召回')
    await page.getByTestId('step-send').getByRole('button', { name: '内容' }).click()
    await page.getByRole('option', { name: '沉默召回' }).click()
    await page.getByTestId('dryrun').getByText('试算').first().waitFor()
    // Everyone is to be met in this story: nobody stays behind for comparison.
    await page.getByRole('button', { name: '对照组' }).click()
    await page.getByRole('spinbutton').fill('0')
    await page.keyboard.press('Escape')
    await page.getByTestId('dryrun').getByText('没有人符合').waitFor()
    await page.getByTestId('rule-save').click()
    await page.getByTestId('rule-on').click()
    await page.getByTestId('rule-on-confirm').click()
    await page.getByTestId('rule-status').getByText('启用').waitFor()
    const { items } = await world.call(api.rules.list)
    expect(items.find(({ name }) => name === '沉默 30 天召回')).toMatchObject({ status: 'on' })
  })

  it('a customer scans the poster, is welcomed, and stands in the rep’s sidebar', async () => {
    lina = await openChat(world, browser, 'lina', '', outlived)
    await lina.page.getByTestId('scan-open').click()
    await lina.page.getByTestId('scan-name').fill('林晓雯')
    await lina.page.getByTestId('scan-confirm').click()
    await bubbles(lina, 'welcome').getByText('林晓雯你好，我是李娜，有事随时找我').waitFor()
    expect(await textOf(lina, 'customer-name')).toBe('林晓雯')
    expect(await textOf(lina, 'stage-reason')).toContain('新客')
    expect(await lina.sidebar.getByTestId('tier-badge').getAttribute('data-tier')).toBe('C')
    expect(await lina.sidebar.getByText('还没有下过单').first().innerText()).toContain('还没有下过单')
    await lina.sidebar.getByTestId('tag-门店海报').waitFor()
    externalUserId = new URL(lina.page.url()).searchParams.get('chat') ?? ''
    expect(externalUserId).not.toBe('')
  })

  it('an order changes the tier in the open sidebar', async () => {
    await order(world, { externalUserId, orderId: 'order-1', total: 2380 })
    await lina.sidebar.locator('[data-testid="tier-badge"][data-tier="A"]').waitFor(soon)
    expect(await textOf(lina, 'figure-spend')).toContain('¥2,380')
  })

  it('thirty days pass on the page’s clock: silent, and a mass message waits for the rep', async () => {
    await lina.page.getByTestId('clock-plus-30d').click()
    await world.drain()
    await lina.page.getByTestId('clock-plus-1h').click()
    await world.drain()
    await lina.sidebar.getByTestId('stage-reason').getByText('沉默').waitFor(soon)
    await lina.page.getByTestId('mass-badge').getByText('1').waitFor()
    await lina.page.getByTestId('mass-badge').click()
    const waiting = lina.page.locator('[data-testid="mass-task"][data-status="waiting"]')
    await waiting.getByText('林晓雯，给你留了一套会员专享').waitFor()
  })

  it('the rep confirms: the customer has it, the console says so', async () => {
    await lina.page.getByTestId('mass-confirm').click()
    await lina.page.locator('[data-testid="mass-task"][data-status="sent"]').waitFor()
    linXiaowen = await openChat(world, browser, externalUserId, 'lina')
    await bubbles(linXiaowen, 'mass').getByText('给你留了一套会员专享').waitFor()
    await world.advance(hours(1))
    // The manager's session ended in those thirty days.
    await signIn(manager, 'wangmin')
    await manager.page.getByTestId('nav-sends').click()
    await manager.page.locator('[data-testid="send-row"][data-delivery="delivered"]').getByText('已送达').waitFor(soon)
  })

  it('the customer answers and buys: the goal is met', async () => {
    await linXiaowen.page.getByTestId('chat-input').fill('好的，帮我留着')
    await linXiaowen.page.getByTestId('chat-send').click()
    await lina.page.getByTestId(`conversation-${externalUserId}`).click()
    await bubbles(lina, 'chat').getByText('好的，帮我留着').waitFor()
    await lina.sidebar.getByTestId('replied').click()
    await lina.sidebar.locator('[data-testid="timeline-item"][data-type="customer.replied"]').waitFor(soon)
    await world.advance(hours(2))
    await order(world, { externalUserId, orderId: 'order-2', total: 412 })
    await world.drain()
    await manager.page.getByTestId('nav-rules').click()
    await manager.page.getByTestId('rule-card').getByRole('link', { name: '沉默 30 天召回' }).click()
    await manager.page.getByTestId('run-row').getByText('达成目标').first().waitFor(soon)
  })

  it('the timeline shows each step with its reason', async () => {
    const items = lina.sidebar.getByTestId('timeline-item')
    await items.getByText('达成规则「沉默 30 天召回」的目标').waitFor(soon)
    const more = lina.sidebar.getByTestId('timeline-more')
    while (await more.isVisible()) {
      const before = await items.count()
      await more.click()
      await expect.poll(() => items.count(), soon).toBeGreaterThan(before)
    }
    const lines = (await items.allInnerTexts()).reverse()
    const story = [
      ['通过「门店海报」添加李娜'],
      ['打上标签「门店海报」', '来自渠道「门店海报」'],
      ['下单 ¥2,380', '舒缓精华'],
      ['层级 C → A', '¥2,380'],
      ['阶段 新客 → 沉默', '沉默 30 天'],
      ['进入规则「沉默 30 天召回」', '进入「沉默」'],
      ['企业群发', '李娜 已确认，客户已收到'],
      ['客户回复了', '李娜'],
      ['下单 ¥412'],
      ['达成规则「沉默 30 天召回」的目标', '下单'],
    ]
    for (const parts of story)
      expect(
        lines.some((line) => parts.every((part) => line.includes(part))),
        `${parts.join(' … ')} in\n${lines.join('\n')}`,
      ).toBe(true)
  })

  it('the rep sends the suggestion with one tap', async () => {
    const said = await textOf(lina, 'suggestion-text')
    await lina.sidebar.getByTestId('suggestion-send').click()
    await bubbles(lina, 'chat').getByText(said.trim()).waitFor()
    await lina.sidebar.getByTestId('send-status').getByText('已发到聊天').waitFor()
    await bubbles(linXiaowen, 'chat').getByText(said.trim()).waitFor()
  })

  it('the rep adds a tag and removes it, in WeCom too', async () => {
    const inWecom = async (): Promise<string[]> => {
      const { tags, relations } = await world.state()
      const worn = relations.find(({ external_userid }) => external_userid === externalUserId)?.tags ?? []
      return worn.map((id) => tags.find((tag) => tag.id === id)?.name ?? id)
    }
    await lina.sidebar.getByTestId('tag-add').click()
    await lina.sidebar.getByTestId('tag-option-敏感肌').click()
    await lina.sidebar.getByTestId('tag-敏感肌').waitFor()
    await expect.poll(inWecom, soon).toEqual(['门店海报', '敏感肌'])
    await lina.sidebar.getByTestId('tag-敏感肌').click()
    await lina.sidebar.getByTestId('tag-remove').click()
    await lina.sidebar.getByTestId('tag-敏感肌').waitFor({ state: 'detached' })
    await expect.poll(inWecom, soon).toEqual(['门店海报'])
  })

  it('nothing went wrong in any browser', () => {
    expectNoProblems(manager, lina, linXiaowen)
  })
})
