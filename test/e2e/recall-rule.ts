import { expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { Actor, Browser } from '../support/browser.ts'
import { days, type World } from '../support/world.ts'
import { expectNoProblems, openConsole } from './company.ts'

const Nothing = z.object({})
const rule = '换季召回'

/**
 * A recall rule from the form to the canvas, all by clicking: written, tried, approved by a second person, switched on. The company
 * has two customers, one who bought for much (A) and one who never did (C); more than a month passes and both are silent.
 */
export const recallRule = (at: () => { world: World; browser: Browser }): void => {
  let manager: Actor
  let second: Actor

  const choose = async ({ page }: Actor, tier: string, content: string): Promise<void> => {
    const todo = page.getByTestId(`recall-tier-${tier}`).getByRole('button', { name: '内容' })
    for (let n = await todo.count(); n > 0; n--) {
      await todo.nth(n - 1).click()
      const option = page.getByRole('option', { name: content })
      await option.click()
      // The list goes away slowly: the next one must not open beside it.
      await option.waitFor({ state: 'detached' })
    }
  }

  it('two managers, and two customers who are silent', async () => {
    const { world, browser } = at()
    await world.act('members', { userid: 'zhaoning', name: '赵宁', leader: true }, Nothing)
    await world.call(api.members.sync)
    await world.call(api.members.setRole, { params: { id: 'zhaoning' }, body: { role: 'admin' } })
    await world.advance(days(38))
    ;[manager, second] = await Promise.all([
      openConsole(world, browser, 'wangmin'),
      openConsole(world, browser, 'zhaoning'),
    ])
    await second.page.getByTestId('nav-rules').click()
    await second.page.getByTestId('rule-approval-switch').click()
    await second.page.getByTestId('rule-approval').getByText('没有批准的版本不会生效').waitFor()
  })

  it('the form says what is missing until it is a rule, and whom it meets', async () => {
    const { page } = manager
    await page.getByTestId('nav-rules').click()
    await page.getByTestId('rule-recall-new').click()
    await page.getByTestId('segment-total').getByText('2', { exact: true }).waitFor()
    const missing = page.getByTestId('recall-missing')
    await missing.getByText('选择要发的内容').waitFor()
    expect(await page.getByTestId('recall-save').isDisabled()).toBe(true)
    await page.getByTestId('recall-name').fill('')
    await page.getByRole('spinbutton', { name: '但不满' }).fill('10')
    await page.keyboard.press('Tab')
    await missing.getByText('规则名称').waitFor()
    await missing.getByText('「不满」的天数要大于「满」的天数').waitFor()
    await page.getByTestId('recall-name').fill(rule)
    await page.getByRole('spinbutton', { name: '但不满' }).fill('90')
    await page.getByRole('spinbutton', { name: '对照组' }).fill('0')
    await page.getByTestId('recall-tier-B').getByTestId('recall-tier-on').click()
    await choose(manager, 'A', '沉默召回')
    await choose(manager, 'C', '沉默召回')
    await missing.waitFor({ state: 'detached' })
    await page.getByTestId('recall-sentence').getByText('A 层：发「沉默召回」').waitFor()
    await page.getByTestId('recall-save').click()
    await page.getByTestId('rule-status').getByText('草稿').waitFor()
  })

  it('the dry run leads one customer step by step, the backtest says who would have come when', async () => {
    const { page } = manager
    await page.getByTestId('dryrun-count-send').getByText('2', { exact: true }).waitFor()
    const row = page.getByTestId('dryrun-row').filter({ hasText: '林晓雯' })
    await row.getByRole('button', { name: '逐步看' }).click()
    const way = page.getByTestId('dryrun').getByTestId('try-way')
    await way.getByText('林晓雯，给你留了一套会员专享').waitFor()
    await page.getByTestId('backtest-begin').click()
    await page.getByTestId('backtest-entered').getByText('2', { exact: true }).waitFor()
    await page.getByTestId('backtest-progress').waitFor({ state: 'detached' })
    await page.getByTestId('backtest-example').filter({ hasText: '林晓雯' }).click()
    await page.getByTestId('backtest-result').getByText('进入').first().waitFor()
  })

  it('a change in the form is a new version; approval is asked for', async () => {
    const { page } = manager
    await page.getByTestId('rule-recall').click()
    await page.getByRole('spinbutton', { name: '结束后' }).fill('75')
    await page.getByTestId('recall-save').click()
    await page.getByTestId('rule-standing').getByText('v2 要经另一位主管批准').waitFor()
    await page.getByTestId('rule-ask').waitFor()
    expect(await page.getByTestId('rule-on').count()).toBe(0)
    await page.getByTestId('rule-ask').click()
    await page.getByTestId('review-words').fill('先从两层开始，两个半月内不重复')
    await page.getByTestId('review-ask').click()
    await page.getByTestId('rule-review').getByText('王敏 申请审批').waitFor()
    await page.getByText('写的人和申请的人不能自己批准').waitFor()
    expect(await page.getByTestId('review-yes').count()).toBe(0)
  })

  it('a second person sees what differs and approves', async () => {
    const { page } = second
    // The list has been open since before the rule was there.
    await page.reload()
    await page.getByTestId('rule-card').getByRole('link', { name: rule }).click()
    await page.getByTestId('rule-to-versions').click()
    const diff = page.getByTestId('version-diff')
    await diff.locator('del').getByText('60 天').waitFor()
    await diff.locator('ins').getByText('75 天').waitFor()
    await page.getByText('先从两层开始').waitFor()
    await page.getByTestId('review-words').fill('可以')
    await page.getByTestId('review-yes').click()
    await page.getByTestId('rule-review').getByText('赵宁 批准').waitFor()
  })

  it('it is switched on, and the canvas counts who walks it', async () => {
    const { world } = at()
    const { page } = manager
    await page.getByTestId('nav-rules').click()
    await page.getByTestId('rule-card').getByRole('link', { name: rule }).click()
    await page.getByTestId('dryrun-count-send').getByText('2', { exact: true }).waitFor()
    await page.getByTestId('rule-on').click()
    await page.getByTestId('rule-meet-now').click()
    await page.getByTestId('rule-on-confirm').click()
    await page.getByTestId('rule-status').getByText('启用').waitFor()
    await world.drain()
    await page.reload()
    await page.locator('[data-testid="journey"][data-view="canvas"]').waitFor()
    const edges = page.getByTestId('edge')
    for (const tier of ['A', 'C'])
      await edges.filter({ hasText: tier }).locator('b').getByText('1', { exact: true }).waitFor()
    expect((await world.tasks('lina')).length + (await world.tasks('chenchen')).length).toBe(2)
    expectNoProblems(manager, second)
  })
}
