import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { Env } from '../../server/platform/config.ts'
import { foundCompany, thankForOrders, until } from '../support/company.ts'
import { useMongo } from '../support/mongo.ts'
import { imageFolder, startProduct, type Product } from '../support/production.ts'
import { useRedis } from '../support/redis.ts'
import { startRelay, type Relay } from '../support/relay.ts'
import { useWecom } from '../support/wecom.ts'
import { reach } from '../support/world.ts'

const run = promisify(execFile)
const Nothing = z.object({})
const massPath = '/cgi-bin/externalcontact/add_msg_template'
const secrets = { ADMIN_API_KEY: 'admin-key-of-production', INGEST_WRITE_KEY: 'write-key-of-production' }

const mongo = useMongo()
const redis = useRedis()
const wecom = useWecom()
let folder = ''
let relays: { mongo: Relay; redis: Relay }

const through = (address: string, { port }: Relay): string => {
  const url = new URL(address)
  url.host = `127.0.0.1:${port}`
  return url.href
}
const relayTo = (address: string): Promise<Relay> => {
  const { hostname, port } = new URL(address)
  return startRelay({ host: hostname, port: Number(port) })
}
/** A complete environment; the stores are reached through relays that can be cut. */
const settings = () => ({
  PORT: '0',
  PUBLIC_URL: 'http://127.0.0.1:3000',
  MONGODB_URL: through(mongo.url(), relays.mongo),
  REDIS_URL: through(redis.url(), relays.redis),
  WECOM_API_BASE: wecom.url(),
  WECOM_CORP_ID: 'ww0000000000000001',
  WECOM_CONTACT_SECRET: 'sandbox-contact-secret',
  WECOM_AGENT_ID: '1000002',
  WECOM_AGENT_SECRET: 'sandbox-agent-secret',
  WECOM_CALLBACK_TOKEN: 'sandboxToken',
  WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  SESSION_SECRET: 'a session secret of 32 characters and more',
  PII_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  PII_INDEX_KEY: Buffer.alloc(32, 2).toString('base64'),
  ...secrets,
})

const Listening = z.object({ msg: z.literal('listening'), port: z.int() })
/** Starts roles and waits until they have said so; `url` is where they answer. */
const start = async (roles: string, more: Record<string, string> = {}): Promise<Product & { url: string }> => {
  const product = startProduct(folder, [`--roles=${roles}`], { ...settings(), ...more })
  onTestFinished(async () => {
    product.kill('SIGKILL')
    await product.ended
  })
  await product.says('"msg":"started"')
  const lines = product.output().trim().split('\n')
  const [listening] = lines.flatMap((line) => Listening.safeParse(JSON.parse(line)).data ?? [])
  return { ...product, url: `http://127.0.0.1:${listening?.port}` }
}
const Ready = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) })
const ready = async (url: string) => Ready.parse(await (await fetch(`${url}/health/ready`)).json())
const statusOf = async (url: string): Promise<number> => (await fetch(url)).status

beforeAll(async () => {
  folder = imageFolder()
  relays = { mongo: await relayTo(mongo.url()), redis: await relayTo(redis.url()) }
})
afterAll(async () => {
  await relays.mongo.close()
  await relays.redis.close()
  rmSync(folder, { recursive: true, force: true })
})

const Names = z.record(z.string(), z.string()).default({})
const Lock = z.object({
  packages: z.record(z.string(), z.object({ dependencies: Names, optionalDependencies: Names })),
})
/** These packages, and those they need. */
const withTheirOwn = (names: readonly string[]): Set<string> => {
  const { packages } = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  const all = new Set(names)
  // What is added meanwhile is come to as well.
  for (const name of all)
    for (const [place, needs] of Object.entries(packages))
      if (place.endsWith(`node_modules/${name}`))
        for (const needed of Object.keys({ ...needs.dependencies, ...needs.optionalDependencies })) all.add(needed)
  return all
}
const packageOf = (path: string): string => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path

describe('what it is made of', () => {
  it('holds nothing of the sandbox or the tests, and only packages the server declares, with what they need', () => {
    const { sources } = z
      .object({ sources: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(join(folder, 'server/dist/main.js.map'), 'utf8')))
    const own = sources.filter((name) => !name.includes('node_modules/'))
    expect(own.some((name) => name.includes('callback/accept.ts'))).toBe(true)
    expect(own.filter((name) => /(^|\/)(sandbox|test|bench|scripts)\//.test(name))).toEqual([])
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(folder, 'server/package.json'), 'utf8')))
    const inside = sources.flatMap((name) => name.split('node_modules/').slice(1).slice(-1)).map(packageOf)
    expect(inside).toContain('koa')
    const declared = withTheirOwn(Object.keys(dependencies))
    expect([...new Set(inside)].filter((name) => !declared.has(name))).toEqual([])
    const code = readFileSync(join(folder, 'server/dist/main.js'), 'utf8')
    const imports = code.matchAll(/^(?:(?:import .+|\}) from |\s+import\()"([^"]+)"/gm)
    const outside = [...imports].map(([, name = '']) => name).filter((name) => !isBuiltin(name))
    expect(outside).toContain('@bull-board/koa')
    expect(outside.map(packageOf).filter((name) => !(name in dependencies))).toEqual([])
  })
})

describe('a start that cannot be', () => {
  it('reports every missing and every wrong setting at once and ends with an error', async () => {
    const product = startProduct(folder, [], { PORT: 'http', TIMEZONE: 'Mars/Base', SESSION_SECRET: 'short-secret' })
    expect(await product.ended).toBe(1)
    const missing = Object.entries(Env.shape)
      .filter(([name, field]) => name !== 'SESSION_SECRET' && !field.safeParse(undefined).success)
      .map(([name]) => name)
    expect(missing.length).toBeGreaterThan(8)
    for (const name of missing) expect(product.output()).toContain(`- ${name} is missing: `)
    for (const name of ['PORT', 'TIMEZONE', 'SESSION_SECRET']) expect(product.output()).toContain(`- ${name} `)
    expect(product.output()).not.toContain('short-secret')
    expect(product.output()).not.toMatch(/^\s+at /m)
  })

  it.each([
    [['--roles=web,queen'], '--roles must be web, worker or web,worker, not “web,queen”'],
    [['--rolls=web'], '--rolls'],
  ])('refuses %j', async (args, says) => {
    const product = startProduct(folder, args, settings())
    expect(await product.ended).toBe(1)
    expect(product.output()).toContain(says)
    expect(product.output()).not.toMatch(/^\s+at /m)
  })

  it('says which port is taken', async () => {
    const { url } = await start('web')
    const { port } = new URL(url)
    const second = startProduct(folder, ['--roles=web'], { ...settings(), PORT: port })
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(`PORT ${port} is in use`)
  })
})

describe('health', () => {
  it.each([['web'], ['worker'], ['web,worker']])('of --roles=%s: live, ready, metrics', async (roles) => {
    const { url, pid } = await start(roles)
    expect(await statusOf(`${url}/health/live`)).toBe(200)
    expect(await ready(url)).toEqual({ status: 'ok', checks: { mongo: 'ok', redis: 'ok' } })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    for (const name of [
      'zhiyin_callbacks_total',
      'zhiyin_jobs_total',
      'zhiyin_job_seconds',
      'zhiyin_wecom_calls_total',
      'zhiyin_wecom_seconds',
      'zhiyin_intents_total',
      'process_cpu_seconds_total',
    ])
      expect(metrics).toContain(`# TYPE ${name} `)
    expect(metrics).toMatch(/^zhiyin_http_request_seconds_count\{.*route="other".*\} [1-9]/m)
    expect(metrics).toMatch(/^zhiyin_backlog\{stage="inbox",kind="pending"\} \d/m)
    expect(await statusOf(`${url}/api/session`)).toBe(roles === 'worker' ? 404 : 401)
    // No process of anybody's: no children at all.
    await expect(run('pgrep', ['-P', String(pid)])).rejects.toMatchObject({ code: 1, stdout: '' })
  })

  it.each(['mongo', 'redis'] as const)('is not ready while %s is away, says so, and recovers', async (store) => {
    const { url } = await start('web,worker')
    relays[store].cut()
    onTestFinished(() => relays[store].mend())
    const other = store === 'mongo' ? 'redis' : 'mongo'
    const answer = await fetch(`${url}/health/ready`)
    expect(answer.status).toBe(503)
    const told = Ready.parse(await answer.json())
    expect(told).toMatchObject({ checks: { [other]: 'ok' } })
    expect(told.checks[store]).not.toBe('ok')
    expect(await statusOf(`${url}/health/live`)).toBe(200)
    relays[store].mend()
    await until('it is ready again', async () => (await statusOf(`${url}/health/ready`)) === 200, 10_000)
  })
})

/** Sends the first half of an event and waits until the server has begun to read it; `finish` sends the rest. */
const beginRequest = (url: string): Promise<{ finish(): Promise<number> }> =>
  new Promise((begun, reject) => {
    const authorization = `Basic ${Buffer.from(`${secrets.INGEST_WRITE_KEY}:`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/json', expect: '100-continue' }
    const sending = request(`${url}/v1/track`, { method: 'POST', headers })
    const answered = new Promise<number>((done, failed) => {
      sending.once('error', failed)
      sending.once('response', (answer) => {
        answer.resume()
        answer.once('end', () => done(answer.statusCode ?? 0))
      })
    })
    sending.once('error', reject)
    sending.once('continue', () => {
      sending.write('{"userId":"u-drain","event":"Page ')
      begun({
        finish: () => {
          sending.end('Viewed"}')
          return answered
        },
      })
    })
    sending.flushHeaders()
  })

describe('SIGTERM', () => {
  it('lets the request under way be answered, takes no new connection, ends with 0 at once', async () => {
    const product = await start('web,worker')
    // A connection that is kept alive must not hold the process up.
    expect(await statusOf(`${product.url}/health/live`)).toBe(200)
    const { finish } = await beginRequest(product.url)
    product.kill('SIGTERM')
    await product.says('"msg":"draining"')
    await expect(fetch(`${product.url}/health/live`, { headers: { connection: 'close' } })).rejects.toThrow()
    expect(await finish()).toBe(200)
    const answeredAt = Date.now()
    expect(await product.ended).toBe(0)
    expect(Date.now() - answeredAt).toBeLessThan(5_000)
    expect(product.output()).toContain('"msg":"stopped"')
  })

  it('lets a worker finish the send it is at, and its successor does not send it again', async () => {
    // What was killed before has left work behind that is taken up again only after a minute.
    await mongo.get().connection.dropDatabase()
    await redis.get().flushall()
    const [web, first] = await Promise.all([start('web'), start('worker')])
    const world = reach({ serverUrl: web.url, wecomUrl: wecom.url(), secrets })
    await world.put('app', {
      callbackUrl: `${web.url}/wecom/callback`,
      sidebarUrl: `${web.url}/sidebar/`,
      trustedDomain: new URL(web.url).host,
    })
    const company = await foundCompany(world, null)
    const limits = {
      quietHours: null,
      perDay: 5,
      perWeek: 5,
      perMonth: 5,
      platform: { period: 'day' as const, count: 1 },
    }
    await world.call(api.settings.update, { body: { limits: { ...limits, sendWithoutRecordedConsent: true } } })
    const id = await company.stranger('停机中')
    await company.scan(id)
    await world.drain()
    const ruleId = await thankForOrders(world, '谢谢，停机中')
    await world.act('faults', { path: massPath, kind: 'slow', ms: 1500, times: 1 }, Nothing)
    await company.order(id, 'order-drain', 100)
    await until(
      'the call has reached WeCom',
      async () => (await world.look('faults', z.array(z.unknown()))).length === 0,
    )
    first.kill('SIGTERM')
    // As in a rolling update: the successor comes while it still drains.
    const [code] = await Promise.all([first.ended, start('worker')])
    expect(code).toBe(0)
    const sent = await world.call(api.sends.list, { query: { ruleId, limit: 10 } })
    expect(sent.items).toMatchObject([{ state: 'sent', delivery: 'waiting' }])
    await world.drain()
    for (const { msgid } of await world.tasks('lina'))
      await world.act(`tasks/${msgid}/confirm`, { userid: 'lina' }, Nothing)
    await until('the confirmation is known', async () => (await world.ledger({ to: id, via: 'mass' })).length > 0)
    await world.drain()
    expect(await wecom.calls(massPath)).toBe(1)
    expect(await world.ledger({ to: id, via: 'mass' })).toHaveLength(1)
  })
})
