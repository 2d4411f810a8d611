import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { layers } from '@zhiyin/shared/customer'
import type { World } from '../support/world.ts'
import { startBrowser, type Actor, type Browser } from '../support/browser.ts'
import { expectNoProblems, openChat, openCompany, openConsole, order } from './company.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })
const soon = { timeout: 20_000 }
const phone = '13912345678'

/** Profile, tier, tags, consent, segments, imports and a person's rights as rep, manager and admin use them, by clicking alone. */
describe('the profile’s screens', () => {
  let world: World
  let browser: Browser
  let lina: Actor
  let admin: Actor
  let customer = ''

  beforeAll(async () => {
    ;[world, browser] = await Promise.all([openCompany(), startBrowser()])
    await world.act('members', { userid: 'zhaoning', name: '赵宁', leader: true }, Nothing)
    await world.call(api.members.sync)
    await world.call(api.members.setRole, { params: { id: 'zhaoning' }, body: { role: 'admin' } })
    const { external_userid: external } = await world.act('customers', { name: '林晓雯', gender: 2 }, Made)
    await world.act('add', { userid: 'lina', external_userid: external, add_way: 3 }, Nothing)
    await order(world, { externalUserId: external, orderId: 'order-1', total: 2380 })
    await world.drain()
    customer = (await world.call(api.customers.byExternal, { params: { id: external } })).id
    // At the end the rep's sidebar is open on somebody who was erased.
    lina = await openChat(world, browser, 'lina', external, { expected: [/status of 404 .*\/api\/customers\/cus_/] })
    admin = await openConsole(world, browser, 'zhaoning')
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  const open = (path: string) => admin.page.goto(`${world.stack.publicUrl}/console/${path}`)
  const total = (n: string) => admin.page.getByTestId('segment-total').getByText(n, { exact: true }).waitFor(soon)

  it('a rep fills in a value of the five layers and puts it right; source and age stand beside it', async () => {
    const { sidebar } = lina
    for (const layer of layers.filter((each) => each !== 'trajectory'))
      await sidebar.getByTestId(`layer-${layer}`).waitFor()
    const write = async (value: string): Promise<void> => {
      await sidebar.getByTestId('value-sheet').getByRole('textbox').fill(value)
      await sidebar.getByTestId('value-save').click()
      await sidebar.getByTestId('value-sheet').waitFor({ state: 'hidden' })
    }
    await sidebar.getByTestId('fill-city').click()
    await write('杭州')
    const city = sidebar.getByTestId('value-city')
    await city.getByText('杭州').waitFor()
    expect(await city.innerText()).toMatch(/顾问填写 · 刚刚/)
    await sidebar.getByTestId('open-city').click()
    await write('苏州')
    await city.getByText('苏州').waitFor()
  })

  it('the tier says why in figures and what would move them up', async () => {
    await lina.sidebar.getByTestId('why-tier').click()
    const level = lina.sidebar.getByTestId('level-rfm')
    await level.getByText('¥2,380').first().waitFor()
    await lina.page.keyboard.press('Escape')
  })

  it('a tag says who put it on', async () => {
    const { sidebar } = lina
    await sidebar.getByTestId('tag-add').click()
    await sidebar.getByTestId('tag-option-敏感肌').click()
    await lina.page.keyboard.press('Escape')
    await sidebar.getByTestId('tag-敏感肌').click()
    await sidebar.getByTestId('tag-detail').getByText('李娜').first().waitFor()
    await lina.page.keyboard.press('Escape')
  })

  it('a withdrawal noted in the chat stands in the console, with its proof', async () => {
    await lina.sidebar.getByTestId('consent-change').click()
    await lina.sidebar.getByTestId('consent-note').fill('说不想再收到活动')
    await lina.sidebar.getByTestId('consent-withdraw').click()
    await lina.sidebar.getByTestId('consent-marketing').getByText('说不想再收到活动').waitFor()
    await open(`customers/${customer}`)
    const line = admin.page.locator('[data-testid="consent"][data-purpose="marketing"]')
    await line.getByText('说不想再收到活动').waitFor()
    expect(await line.getByTestId('consent-grant').count()).toBe(1)
    expect(await line.getByTestId('consent-withdraw').count()).toBe(0)
  })

  it('a file of customers is mapped, looked through and taken; rejected rows say why', async () => {
    const { page } = admin
    const rows = ['手机号,姓名,城市', `${phone},林晓雯,苏州`, '13800000001,周一帆,上海', '12,没有手机,北京']
    await open('imports/new')
    const file = { name: '会员.csv', mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\n')}\n`) }
    await page.getByTestId('import-file').setInputFiles(file)
    await page.getByTestId('import-preview').click()
    await page.getByTestId('import-sum').waitFor()
    await page.getByTestId('import-start').click()
    await world.drain()
    await page.getByTestId('import-state').getByText('完成').waitFor(soon)
    await page.getByTestId('import-reject').getByText('没有手机').waitFor(soon)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('import-download').click()])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)
  })

  it('two who may be one are laid side by side, merged, and split again', async () => {
    const { page } = admin
    await world.call(api.customers.editContact, {
      params: { id: customer },
      body: { userid: 'lina', mobiles: [phone] },
    })
    await world.drain()
    await open('identities')
    const review = page.getByTestId('review').filter({ hasText: '林晓雯' })
    await review.getByTestId('same').click()
    await review.waitFor({ state: 'detached' })
    await world.drain()
    await page.reload()
    await page.getByText('合并记录').click()
    await page.getByTestId('merge').first().getByTestId('split').click()
    await page.getByTestId('split-go').click()
    await page.getByTestId('split-go').waitFor({ state: 'hidden' })
    await world.drain()
    await page.reload()
    await page.getByText('合并记录').click()
    await page.getByTestId('merge').getByText('赵宁 拆分').waitFor()
    expect(await page.getByTestId('split').count()).toBe(0)
  })

  it('a segment is built with a live count and has those it counted', async () => {
    const { page } = admin
    await open('segments/new/rule')
    await page.getByTestId('segment-name').fill('重要客户')
    await total('3')
    await page.getByTestId('clause-add').click()
    await page.getByTestId('clause-tier').click()
    await total('1')
    await page.getByTestId('segment-create').click()
    await world.drain()
    await page.getByTestId('segment-members').getByText('林晓雯').waitFor(soon)
  })

  it('a tier scheme is changed on its distribution: what it would do is shown before it is saved', async () => {
    const { page } = admin
    await open('tiers')
    await page.getByTestId('tier-scheme').first().click()
    await page.getByTestId('tier-count').click()
    await page.getByTestId('cuts-monetary').getByRole('slider').first().waitFor(soon)
    for (const limit of await page.getByTestId('cuts-monetary').getByRole('spinbutton').all())
      expect(Number(await limit.inputValue())).toBeGreaterThan(0)
    await page.getByRole('spinbutton', { name: 'A', exact: true }).fill('15')
    await page.keyboard.press('Tab')
    await page.getByTestId('tier-moved').getByText('1').waitFor(soon)
    await page.getByTestId('tier-save').click()
    const tier = async () => {
      await world.drain()
      return (await world.call(api.customers.get, { params: { id: customer } })).tier.tier
    }
    await expect.poll(tier, soon).toBe('B')
  })

  it('a person’s data is handed out and erased, with a certificate', async () => {
    const { page } = admin
    await open(`customers/${customer}`)
    const personal = page.getByTestId('personal')
    await personal.getByTestId('export').click()
    await page.getByTestId('reason').fill('客户来信要求')
    await page.getByTestId('reason-go').click()
    await world.drain()
    await page.locator('[data-testid="privacy-request"][data-state="done"] a').first().waitFor(soon)
    await personal.getByTestId('erase').click()
    await page.getByTestId('reason').fill('客户来信要求')
    await page.getByTestId('typed-name').fill('林晓雯')
    await page.getByTestId('reason-go').click()
    // What becomes of it is told among the requests, not on the page of somebody who is gone.
    await page.waitForURL(/\/console\/privacy$/)
    const request = page.getByTestId('privacy-request').filter({ hasText: '删除' })
    await request.getByText('复查中').waitFor(soon)
    await world.advance(61_000)
    const [certificate] = await Promise.all([
      page.waitForEvent('download'),
      request.getByRole('link', { name: '删除证明' }).click(),
    ])
    expect(await (await certificate.createReadStream()).toArray().then(String)).not.toContain('林晓雯')
    await lina.page.screenshot({ path: '/tmp/lina.png' })
    expectNoProblems(lina, admin)
  })
})
