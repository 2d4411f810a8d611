import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { lanes } from '../../server/flow/jobs.ts'
import { startBrowser, type Browser } from '../support/browser.ts'
import { startWorld, type World } from '../support/world.ts'
import { until } from '../support/company.ts'
import { expectNoProblems, openConsole } from './company.ts'

const Nothing = z.object({})

/** What the server itself shows: the queue board and the API's description. */
describe('pages beside the apps', () => {
  let world: World
  let browser: Browser
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${world.stack.serverUrl}${path}`, { redirect: 'manual', headers })

  beforeAll(async () => {
    ;[world, browser] = await Promise.all([startWorld(), startBrowser()])
    await world.act('members', { userid: 'wangmin', name: '王敏', leader: true }, Nothing)
    await world.act('members', { userid: 'zhaoning', name: '赵宁', leader: true }, Nothing)
    await world.call(api.members.sync)
    await world.call(api.members.setRole, { params: { id: 'zhaoning' }, body: { role: 'admin' } })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  it.each(['/queues', '/queues/', '/queues/api/queues', '/queues/static/none'])(
    '%s is for admins only',
    async (path) => {
      const answer = await ask(path)
      expect(answer.status).toBe(302)
      expect(answer.headers.get('location')).toBe('/console/queues')
      expect((await ask('/queues', { authorization: 'Bearer wrong-key-0000000000' })).status).toBe(401)
    },
  )

  it('the queue board answers a script with the API key and lists every lane', async () => {
    const answer = await ask('/queues/api/queues', { authorization: `Bearer ${world.stack.secrets.ADMIN_API_KEY}` })
    expect(answer.status).toBe(200)
    const { queues } = z.object({ queues: z.array(z.object({ name: z.string() })) }).parse(await answer.json())
    expect(queues.map(({ name }) => name).sort()).toEqual([...lanes].sort())
  })

  it('an admin who is not signed in yet ends at the queue board', async () => {
    const actor = await browser.actor()
    await actor.page.goto(`${world.stack.publicUrl}/queues`)
    await actor.page.getByTestId('login-button').click()
    await actor.page.locator('[data-userid="zhaoning"]').click()
    await actor.page.waitForURL(/\/queues$/)
    for (const lane of lanes) await actor.page.getByText(lane, { exact: true }).first().waitFor()
    expectNoProblems(actor)
  })

  it('a manager is told what is missing', async () => {
    const actor = await openConsole(world, browser, 'wangmin')
    await actor.page.goto(`${world.stack.publicUrl}/queues`)
    await actor.page.getByText('这一页需要「管理员」权限').waitFor()
    expectNoProblems(actor)
  })

  it('the API’s description is open to all, and its page renders every endpoint', async () => {
    const description = await ask('/openapi.json')
    expect(description.headers.get('content-type')).toContain('application/json')
    const actor = await browser.actor()
    await actor.page.goto(`${world.stack.publicUrl}/docs`)
    await actor.page.getByText('知音 Zhiyin').waitFor()
    const endpoints = Object.values(api).flatMap((room) => Object.values(room))
    // Of more than a hundred only those in view are drawn: read while scrolling through.
    const shown = new Set<string>()
    const missing = (): string[] =>
      endpoints
        .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
        .filter((endpoint) => !shown.has(endpoint))
    const blocks = actor.page.locator('.opblock-summary')
    await blocks.first().waitFor()
    await actor.page.mouse.move(400, 400)
    await until('every endpoint has been in view', async () => {
      for (const text of await blocks.allInnerTexts()) {
        const [method = '', path = ''] = text.replaceAll('\u200b', '').split(/\s+/)
        shown.add(`${method} ${path}`)
      }
      await actor.page.mouse.wheel(0, 500)
      return missing().length === 0
    })
    await actor.page.mouse.wheel(0, -100_000)
    const dryRun = actor.page.locator('.opblock', { hasText: '/api/rules/dry-run' })
    await until('the dry run is in view', async () => {
      await actor.page.mouse.wheel(0, 300)
      return (await dryRun.count()) > 0
    })
    await dryRun.locator('button').first().click()
    await actor.page.getByText('Permission: manager').waitFor()
    expectNoProblems(actor)
  })
})
