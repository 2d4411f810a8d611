import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { createBudget } from '../../../server/wecom/budget/budget.ts'
import { createCall, withUrgency } from '../../../server/wecom/client.ts'
import { wecomEndpoint, type WecomEndpoint } from '../../../server/wecom/endpoint.ts'
import type { WecomError } from '../../../server/wecom/errors.ts'
import { noTokens } from '../../../server/wecom/token.ts'
import { quietLog } from '../../support/log.ts'
import { useRedis } from '../../support/redis.ts'
import { adapterOf, useWecom } from '../../support/wecom.ts'

const world = useWecom()
const redis = useRedis()
afterEach(async () => {
  await world.clear('faults')
  await redis.get().flushall()
})

/** A server of our own that answers in ways the stand-in never would. */
const servers: Server[] = []
const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = z.custom<AddressInfo>((value) => typeof value === 'object').parse(server.address())
  return `http://127.0.0.1:${address.port}`
}
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

type Known = WecomEndpoint<z.ZodObject, z.ZodObject>
const endpoint = (over: Partial<Known> = {}): Known =>
  wecomEndpoint({
    method: 'POST',
    path: '/cgi-bin/some/thing',
    token: 'none',
    effect: 'read',
    request: z.object({ name: z.string() }),
    response: z.object({ name: z.string() }),
    ...over,
  })
const callTo = (base: string) => {
  const met: WecomError[] = []
  const passed: string[] = []
  const metrics = createMetrics()
  const budget = createBudget({ redis: redis.get(), key: `client ${base}`, clock: world.clock, log: quietLog })
  const hooks = {
    onFault: (error: WecomError) => void met.push(error),
    onPassed: (path: string) => void passed.push(path),
  }
  return {
    call: createCall({ base, tokens: noTokens, budget, log: quietLog, metrics, ...hooks }),
    met,
    passed,
    metrics,
  }
}
const json =
  (body: unknown): RequestListener =>
  (request, response) => {
    request.resume()
    request.once('end', () => response.end(JSON.stringify(body)))
  }

describe('what is tried again', () => {
  const counting = async (body: unknown) => {
    let asked = 0
    const base = await serve((request, response) => {
      asked += 1
      json(body)(request, response)
    })
    return { base, asked: () => asked }
  }

  it.each([
    ['a read', 'read', -1, 3],
    ['a repeatable write', 'repeatable', 6000, 3],
    ['too many at once', 'read', 45033, 3],
    ['a write that is done once', 'once', -1, 1],
    ['what takes minutes', 'read', 41063, 1],
    ['a refusal', 'read', 40058, 1],
  ] as const)('%s', async (_what, effect, errcode, tries) => {
    const { base, asked } = await counting({ errcode, errmsg: 'no' })
    await expect(callTo(base).call(endpoint({ effect }), { name: 'a' })).rejects.toMatchObject({ errcode })
    expect(asked()).toBe(tries)
  })

  it('not beyond the time the call has', async () => {
    const { base, asked } = await counting({ errcode: -1, errmsg: 'busy' })
    await expect(callTo(base).call(endpoint({ withinMs: 150 }), { name: 'a' })).rejects.toMatchObject({ kind: 'busy' })
    expect(asked()).toBe(2)
  })

  it('no answer in time: unreachable for what may be repeated, ambiguous for what may not; not tried again', async () => {
    let asked = 0
    const base = await serve(() => (asked += 1))
    const { call } = callTo(base)
    await expect(call(endpoint({ timeoutMs: 100 }), { name: 'a' })).rejects.toMatchObject({ kind: 'unreachable' })
    await expect(call(endpoint({ timeoutMs: 100, effect: 'once' }), { name: 'a' })).rejects.toMatchObject({
      kind: 'ambiguous',
    })
    expect(asked).toBe(2)
  })

  it.each([
    ['not JSON', 'oops'],
    ['a list', '[]'],
    ['an answer of another shape', '{"errcode":0,"name":7}'],
    ['an errcode that is none', '{"errcode":"x"}'],
  ])('%s is a lost answer', async (_what, text) => {
    const base = await serve((_request, response) => response.end(text))
    await expect(callTo(base).call(endpoint({ effect: 'once' }), { name: 'a' })).rejects.toMatchObject({
      kind: 'ambiguous',
    })
  })

  it('a redirect is not followed', async () => {
    const base = await serve((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end())
    await expect(callTo(base).call(endpoint({ effect: 'once' }), { name: 'a' })).rejects.toMatchObject({
      kind: 'ambiguous',
      hint: 'HTTP 302',
    })
  })
})

describe('connections', () => {
  it('are kept, and given up before the other end closes them', async () => {
    const sockets = new Set<unknown>()
    const base = await serve((request, response) => {
      sockets.add(request.socket)
      json({ errcode: 0, name: 'b' })(request, response)
    })
    const { call } = callTo(base)
    for (let made = 0; made < 30; made += 1) expect(await call(endpoint(), { name: 'a' })).toEqual({ name: 'b' })
    expect(sockets.size).toBe(1)
    // The stand-in and Node's own server close a silent connection after 5 s.
    await sleep(4500)
    await call(endpoint({ effect: 'once' }), { name: 'a' })
    expect(sockets.size).toBe(2)
  }, 15_000)

  it('carry Chinese as it is, and the secret in the query only', async () => {
    let seen = { url: '', body: '' }
    const base = await serve((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => void parts.push(part))
      request.once('end', () => {
        seen = { url: request.url ?? '', body: Buffer.concat(parts).toString('utf8') }
        response.end('{"errcode":0,"name":"知音"}')
      })
    })
    const { call } = callTo(base)
    expect(await call(endpoint(), { name: '李娜 🌸' }, { key: 'k+/=' })).toEqual({ name: '知音' })
    expect(seen).toEqual({ url: '/cgi-bin/some/thing?key=k%2B%2F%3D', body: '{"name":"李娜 🌸"}' })
    await call(endpoint({ method: 'GET' }), { name: '李娜' })
    expect(seen).toEqual({ url: '/cgi-bin/some/thing?name=%E6%9D%8E%E5%A8%9C', body: '' })
  })
})

describe('one after the other, and who goes first', () => {
  it('calls of one object wait for each other; those of others do not', async () => {
    const order: string[] = []
    const base = await serve((request, response) => {
      request.on('data', (part: Buffer) => {
        const name = String(part)
        order.push(`begin ${name}`)
        setTimeout(() => {
          order.push(`end ${name}`)
          response.end('{"errcode":0,"name":"x"}')
        }, 60)
      })
    })
    const { call } = callTo(base)
    const body = (name: string) => JSON.stringify({ name })
    await Promise.all([
      call(endpoint(), { name: 'a1' }, { object: 'a' }),
      call(endpoint(), { name: 'a2' }, { object: 'a' }),
      call(endpoint(), { name: 'b1' }, { object: 'b' }),
    ])
    expect(order.indexOf(`begin ${body('a2')}`)).toBeGreaterThan(order.indexOf(`end ${body('a1')}`))
    expect(order.indexOf(`begin ${body('b1')}`)).toBeLessThan(order.indexOf(`end ${body('a1')}`))
  })

  it('an urgent call overtakes a queue of lesser ones', async () => {
    const order: string[] = []
    const base = await serve((request, response) => {
      request.on('data', (part: Buffer) => void order.push(String(part)))
      setTimeout(() => response.end('{"errcode":0,"name":"x"}'), 30)
    })
    const { call } = callTo(base)
    const bulk = Array.from({ length: 60 }, () => withUrgency(call, 'bulk')(endpoint(), { name: 'bulk' }))
    await sleep(50)
    await withUrgency(call, 'now')(endpoint(), { name: 'now' })
    expect(order.filter((body) => body.includes('bulk')).length).toBeLessThan(40)
    await Promise.all(bulk)
    expect(order).toHaveLength(61)
  })
})

describe('what a person should look into', () => {
  it('faults of the settings and unknown codes are told, refusals are not; a success is told too', async () => {
    let errcode = 60020
    const base = await serve((request, response) => json({ errcode, errmsg: 'no', name: 'x' })(request, response))
    const { call, met, passed } = callTo(base)
    const make = () => call(endpoint(), { name: 'a' }).catch(() => null)
    for (errcode of [60020, 123_456, 84_061, 40_058, 41_050]) await make()
    expect(met.map(({ errcode: code, kind }) => `${kind} ${code}`)).toEqual(['config 60020', 'refused 123456'])
    expect(passed).toEqual([])
    errcode = 0
    await make()
    expect(passed).toEqual(['/cgi-bin/some/thing'])
  })

  it('a wrong secret is told with the path of the token and its own name, and the other secret does not clear it', async () => {
    const told: string[] = []
    const wecom = adapterOf(world.url(), world.clock, redis.get(), {
      onFault: ({ path, errcode }) => void told.push(`${errcode} ${path}`),
      onPassed: (path) => void told.push(path),
    })
    const fault = { path: '/cgi-bin/gettoken', secret: 'contact', kind: 'errcode', errcode: 40001, times: 0 }
    await world.act('faults', fault)
    await expect(wecom.read.followUserList()).rejects.toMatchObject({ kind: 'config' })
    await wecom.probe.token('agent')
    expect(told).toEqual(['40001 /cgi-bin/gettoken WECOM_CONTACT_SECRET', '/cgi-bin/gettoken WECOM_AGENT_SECRET'])
  })
})
