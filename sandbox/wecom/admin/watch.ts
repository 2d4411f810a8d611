import { PassThrough } from 'node:stream'
import type Router from 'koa-router'
import { z } from 'zod'
import { Refusal } from '../company/refusal.ts'
import type { World } from '../world.ts'
import { Fault } from './contract.ts'
import { bodyAs, param, queryAs } from './input.ts'

const text = z.string().optional()
const LedgerQuery = z.object({ to: text, via: text, from: text, since: text })
const ChatQuery = z.object({ userid: text, external_userid: text, chat_id: text })
const RequestQuery = z.object({ path: text, since: text })
const BEAT_MS = 15_000

/** The witnesses: ledger, conversations, API calls, the live stream; and the fault switches. */
export function watchRoutes(router: Router, world: World): void {
  router.get('/ledger', (ctx) => {
    ctx.body = world.ledger.query(queryAs(ctx, LedgerQuery))
  })
  router.get('/chat', (ctx) => {
    const { userid, external_userid, chat_id } = queryAs(ctx, ChatQuery)
    if (chat_id !== undefined) ctx.body = world.ledger.group(chat_id)
    else if (userid !== undefined && external_userid !== undefined)
      ctx.body = world.ledger.pair(userid, external_userid)
    else throw new Refusal('userid and external_userid, or chat_id, are needed')
  })
  router.get('/requests', (ctx) => {
    const { path, since } = queryAs(ctx, RequestQuery)
    ctx.body = world.requests.query(path, since)
  })
  router.get('/faults', (ctx) => {
    ctx.body = world.faults.list()
  })
  router.post('/faults', async (ctx) => {
    ctx.body = world.faults.add(await bodyAs(ctx, Fault))
  })
  router.delete('/faults', (ctx) => {
    world.faults.clear()
    ctx.body = {}
  })
  router.delete('/faults/:id', (ctx) => {
    world.faults.clear(param(ctx, 'id'))
    ctx.body = {}
  })
  router.get('/events', (ctx) => {
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
