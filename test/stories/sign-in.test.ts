import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { until } from '../support/company.ts'
import { startBrowser, type Actor, type Browser } from '../support/browser.ts'
import { startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const panelHost = 'https://login.work.weixin.qq.com'
let world: World
let browser: Browser

beforeAll(async () => {
  world = await startWorld({ env: { WECOM_LOGIN: 'panel' } })
  await world.act('members', { userid: 'wangmin', name: '王敏', leader: true }, Nothing)
  await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
  await world.call(api.members.sync)
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

/** A browser for which WeCom's login host, the only one the panel knows, is the stand-in. */
const open = async (): Promise<Actor> => {
  const actor = await browser.actor({ expected: [/status of 401/] })
  await actor.page.route(`${panelHost}/**`, async (route) => {
    const asked = new URL(route.request().url())
    const answer = await fetch(`${world.stack.wecomUrl}${asked.pathname}${asked.search}`)
    await route.fulfill({ status: answer.status, contentType: 'text/html; charset=utf-8', body: await answer.text() })
  })
  return actor
}
const panel = ({ page }: Actor) => page.getByTestId('login-panel').frameLocator('iframe')

it('signs in by the QR panel on our own page, back to where one was; who leaves is out with the next request', async () => {
  const { page, problems, ...rest } = await open()
  const actor = { page, problems, ...rest }
  await page.goto(`${world.stack.publicUrl}/console/customers`)
  await panel(actor).locator('[data-userid="lina"]').click()
  await page.getByTestId('sign-out').first().waitFor({ state: 'attached' })
  expect(new URL(page.url()).pathname).toBe('/console/customers')
  expect(await page.evaluate('fetch("/api/session").then((r) => r.json())')).toMatchObject({ userid: 'lina' })

  await world.act('members/lina/leave', {}, Nothing)
  await until('the callback has been handled', async () => {
    const { items } = await world.call(api.members.list)
    return items.some(({ userid, active }) => userid === 'lina' && !active)
  })
  expect(await page.evaluate('fetch("/api/session").then((r) => r.status)')).toBe(401)
  await page.reload()
  await panel(actor).locator('[data-userid="wangmin"]').waitFor()
  expect(problems).toEqual([])
})

it('says so when WeCom refuses, and leads to WeCom’s own page', async () => {
  await world.put('trusted', { trustedDomain: 'elsewhere.example.com' })
  const actor = await open()
  await actor.page.goto(`${world.stack.publicUrl}/console/`)
  await actor.page.getByRole('alert').filter({ hasText: '50001' }).waitFor()
  await world.put('trusted', { trustedDomain: '127.0.0.1' })
  await actor.page.getByTestId('login-button').click()
  await actor.page.locator('[data-userid="wangmin"]').click()
  await actor.page.getByTestId('sign-out').first().waitFor({ state: 'attached' })
})
