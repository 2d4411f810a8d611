import type { Context, Next } from 'koa'
import type { Hit } from '../faults.ts'
import type { World } from '../world.ts'
import { FileAnswer, type Answer, type Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import { ApiError, errorBody } from './errors.ts'
import { readBody } from './body.ts'
import { authorise, callerOf, revokeTokens } from './token.ts'

const table = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]))

/** Serves /cgi-bin: fault switches first, then token, input, handler; always HTTP 200 with an errcode (404 for unknown paths). */
export function dispatch(world: World) {
  return async (ctx: Context, next: Next): Promise<void> => {
    if (!ctx.path.startsWith('/cgi-bin/')) return next()
    const endpoint = table.get(ctx.path)
    const { method, path } = ctx
    // The platform's answers carry its own time.
    ctx.set('date', new Date(world.clock.now()).toUTCString())
    await world.requests.run(async () => {
      const started = performance.now()
      const { errcode, ...fault } = endpoint ? await serve(world, ctx, endpoint) : unknownPath(ctx)
      return { at: world.clock.now(), method, path, errcode, ms: Math.round(performance.now() - started), ...fault }
    })
  }
}

/** How a call ended: the errcode answered, null when the caller got none, and the fault that hit it. */
interface Outcome {
  errcode: number | null
  fault?: string
  faultId?: string
}

function unknownPath(ctx: Context): Outcome {
  ctx.status = 404
  return { errcode: null, fault: 'unknown path' }
}

async function serve(world: World, ctx: Context, endpoint: Endpoint): Promise<Outcome> {
  const ends = [endpoint.path, ...(endpoint.serial === null ? [] : [endpoint.serial])].map(world.rates.begin)
  const body = await readBody(ctx.req)
  const hit = world.faults.take(ctx.path, callerOf(world, new URLSearchParams(ctx.querystring)))
  const errcode = await answer(world, ctx, endpoint, body, hit).finally(() => ends.forEach((end) => end()))
  return hit ? { errcode, fault: hit.fault.kind, faultId: hit.fault.id } : { errcode }
}

/** Answers (or does not, as the fault says); tells the errcode answered, null when the caller got none. */
async function answer(
  world: World,
  ctx: Context,
  endpoint: Endpoint,
  body: Buffer | null,
  hit: Hit | undefined,
): Promise<number | null> {
  const fault = hit?.fault
  if (fault?.kind === 'http_5xx') {
    ctx.status = fault.status ?? 502
    ctx.body = 'Bad Gateway'
    return null
  }
  if (fault?.kind === 'hang') await untilGone(ctx, fault.ms)
  if (fault?.kind === 'hang' || fault?.kind === 'cut_before') {
    cut(ctx)
    return null
  }
  if (fault?.kind === 'slow') await untilGone(ctx, fault.ms ?? 1000)
  if (fault?.kind === 'token_revoked') revokeTokens(world, fault.secret)
  const outcome =
    hit?.errcode === undefined
      ? await run(world, ctx, endpoint, body)
      : errorBody(new ApiError(hit.errcode), world.clock.seconds(), ctx.ip)
  if (fault?.kind === 'cut_after') cut(ctx)
  else send(ctx, outcome)
  return outcome instanceof FileAnswer ? 0 : Number(outcome['errcode'])
}

function send(ctx: Context, outcome: Answer | FileAnswer): void {
  if (outcome instanceof FileAnswer) {
    ctx.type = outcome.mime
    ctx.set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(outcome.filename)}`)
    ctx.body = outcome.bytes
    return
  }
  ctx.type = 'application/json; charset=UTF-8'
  ctx.body = JSON.stringify(outcome)
}

/** Does the work: token, input, handler. */
async function run(world: World, ctx: Context, endpoint: Endpoint, body: Buffer | null): Promise<Answer | FileAnswer> {
  try {
    if (body === null) throw new ApiError(40206)
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring))
    const secret = authorise(world, endpoint, query['access_token'])
    admit(world, endpoint, ctx.ip)
    if (ctx.method !== endpoint.method) throw new ApiError(40063, `require ${endpoint.method}`)
    const input = endpoint.method === 'GET' || endpoint.upload ? query : withNamed(json(body), query, endpoint.inQuery)
    const outcome = await endpoint.run(world, input, { body, contentType: ctx.get('content-type'), secret })
    return outcome instanceof FileAnswer ? outcome : { errcode: 0, errmsg: 'ok', ...outcome }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return errorBody(error, world.clock.seconds(), ctx.ip)
  }
}

/** Lets a call pass, or throws that there are too many: 45009 in a time, 45033 or 6000 at once. */
function admit({ rates }: World, endpoint: Endpoint, ip: string): void {
  const limits = rates.limits()
  rates.count(`address ${ip}`, { minute: limits.addressPerMinute, hour: limits.addressPerHour })
  rates.count(endpoint.path, { minute: limits.perMinute, hour: limits.perHour })
  rates.count(`own ${endpoint.path}`, endpoint.rate(limits))
  if (limits.parallel !== null && rates.underWay(endpoint.path) > limits.parallel) throw new ApiError(45033)
  if (endpoint.serial !== null && rates.underWay(endpoint.serial) > 1) throw new ApiError(6000)
}

/** The JSON body; the platform wants UTF-8 itself, not \\u escapes of it. */
function json(body: Buffer): object {
  const text = body.toString('utf8')
  if (/(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-f]{4}/i.test(text)) throw new ApiError(40033)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError(40063, 'Warning: wrong json format.')
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new ApiError(40063, 'Warning: wrong json format.')
    throw error
  }
}

/** Some POSTs have a part of their input in the query: a robot its key, a menu its app. */
function withNamed(input: object, query: Record<string, string>, names: readonly string[]): object {
  return { ...input, ...Object.fromEntries(Object.entries(query).filter(([name]) => names.includes(name))) }
}

/** Cuts the connection without an answer. */
function cut(ctx: Context): void {
  ctx.respond = false
  ctx.req.socket.destroy()
}

/** Waits `ms` (undefined: for ever) or until the caller hangs up. */
function untilGone(ctx: Context, ms: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
    // The answer's, not the connection's: that one lives on and would keep every listener.
    ctx.res.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
