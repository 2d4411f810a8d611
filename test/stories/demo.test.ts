import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { freePort } from '../../sandbox/stack/process.ts'
import { startWith, type Started } from '../support/start.ts'
import { days, reach } from '../support/world.ts'

/** `npm run demo` on a running product. */
const data = mkdtempSync(join(tmpdir(), 'zhiyin-demo-'))
const Running = z.object({ server: z.string(), wecom: z.string(), adminKey: z.string(), writeKey: z.string() })
const Pages = z.object({ start: z.int(), seeded: z.boolean(), orders: z.int() })
let product: Started
beforeAll(async () => {
  const ports = ['--port', String(await freePort()), '--wecom-port', String(await freePort())]
  product = startWith(['--no-demo', '--data', data, ...ports], {})
  await product.says('Queue board')
}, 120_000)
afterAll(async () => {
  product.ctrlC()
  await product.ended
  rmSync(data, { recursive: true, force: true })
})

const demo = (...args: string[]): Started =>
  startWith(['sandbox/demo/command.ts', '--data', data, ...args], { script: 'scripts/run.mjs' })
const pages = () => Pages.parse(JSON.parse(readFileSync(join(data, 'population.json'), 'utf8')))
const enter = () => {
  const { server, wecom, adminKey, writeKey } = Running.parse(
    JSON.parse(readFileSync(join(data, 'sandbox.json'), 'utf8')),
  )
  return reach({
    serverUrl: server,
    wecomUrl: wecom,
    secrets: { ADMIN_API_KEY: adminKey, INGEST_WRITE_KEY: writeKey },
  })
}

it('lives through a month against the clock, stopped in between; everybody is welcomed once', async () => {
  const first = demo('--months', '1', '--customers', '12', '--seed', '4')
  await first.says('Day 3 of 30')
  first.ctrlC()
  expect(await first.ended).toBe(0)
  expect(first.output()).toContain('Stopped; npm run demo goes on')
  expect(pages().seeded).toBe(false)

  const other = demo('--customers', '13')
  expect(await other.ended).toBe(1)
  expect(other.output()).toContain('is unfinished')

  const second = demo()
  expect(await second.ended).toBe(0)
  expect(second.output()).toContain('Going on from last time')
  expect(second.output()).toContain('✓ 12 new customers')
  expect(pages().seeded).toBe(true)

  const world = enter()
  const { customers, relations } = await world.state()
  expect(customers.length).toBe(12)
  expect(relations.length).toBe(12)
  const welcomed = (await world.ledger({ via: 'welcome' })).map(({ to }) => to.id)
  expect(welcomed.toSorted()).toEqual(customers.map(({ external_userid }) => external_userid).toSorted())
  expect((await world.call(api.customers.list, { query: { limit: 100 } })).items.length).toBe(12)
  expect(await world.now()).toBeGreaterThanOrEqual(pages().start + days(30))
  expect(pages().orders).toBeGreaterThanOrEqual(12)
})

it('streams at a set rate and leaves the clock alone', async () => {
  const world = enter()
  const offset = async () => (await world.wecom(admin.clock.follow)).offsetMs
  const before = await offset()
  const paced = demo('--months', '1', '--customers', '10', '--seed', '5', '--rate', '40')
  expect(await paced.ended).toBe(0)
  expect(paced.output()).toContain('✓ 10 new customers')
  expect(paced.output()).not.toContain('demo: ')
  expect((await world.state()).relations.length).toBe(22)
  expect(await offset()).toBe(before)
})
