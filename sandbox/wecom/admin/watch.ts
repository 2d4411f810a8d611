import { PassThrough } from 'node:stream'
import type Router from 'koa-router'
import { Refusal } from '../company/refusal.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { faultEndpoints } from './endpoints/faults.ts'
import { watchEndpoints as endpoints } from './endpoints/watch.ts'
import { adminOpenapi } from './openapi.ts'

const BEAT_MS = 15_000
/** More than this in one answer would take the process's breath. */
const WHOLE = 50_000

/** The witnesses: ledger, API calls, the live stream; and the fault switches. */
export function watchRoutes(router: Router, world: World): void {
  bind(router, endpoints.countLedger, ({ query }) => ({ count: world.ledger.count(query) }))
  bind(router, endpoints.ledger, ({ query: { limit, ...query } }) => {
    const entries = world.ledger.query(query, limit ?? WHOLE + 1)
    if (limit === undefined && entries.length > WHOLE)
      throw new Refusal(`more than ${WHOLE} entries: ask for pages with limit, then since with the last id`)
    return entries
  })
  bind(router, endpoints.requests, ({ query }) => world.requests.query(query.path, query.since))
  bind(router, endpoints.openapi, () => adminOpenapi(world.addresses.url))
  bind(router, faultEndpoints.list, () => world.faults.list())
  bind(router, faultEndpoints.add, ({ body }) => world.faults.add(body))
  bind(router, faultEndpoints.clear, () => {
    world.faults.clear()
    return {}
  })
  bind(router, faultEndpoints.remove, ({ params }) => {
    world.faults.clear(params.id)
    return {}
  })
  router.get(endpoints.events.path, (ctx) => {
    const stream = new PassThrough()
    const stop = world.live.listen((event) => stream.write(`data: ${JSON.stringify(event)}\n\n`))
    const beat = setInterval(() => stream.write(': beat\n\n'), BEAT_MS)
    ctx.req.socket.setNoDelay(true)
    ctx.res.once('close', () => {
      stop()
      clearInterval(beat)
      stream.end()
    })
    ctx.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
    ctx.status = 200
    ctx.body = stream
    stream.write(`data: ${JSON.stringify({ type: 'clock', clock: world.clock.state() })}\n\n`)
  })
}
