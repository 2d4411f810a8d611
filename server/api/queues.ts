import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { KoaAdapter } from '@bull-board/koa'
import type { Middleware } from 'koa'
import { lanes } from '../flow/jobs.ts'
import type { Queues } from '../flow/enqueue.ts'
import { hasRole, type Actor } from '../platform/actor.ts'

const base = '/queues'

/** The queue board, for admins only; others are sent to sign in. */
export const queueBoard = (
  queues: Queues,
  actorOf: (cookie: string | undefined, authorization: string) => Promise<Actor>,
): Middleware => {
  const adapter = new KoaAdapter()
  adapter.setBasePath(base)
  createBullBoard({ queues: lanes.map((lane) => new BullMQAdapter(queues[lane])), serverAdapter: adapter })
  const board: Middleware = adapter.registerPlugin()
  return async (ctx, next) => {
    if (ctx.path !== base && !ctx.path.startsWith(`${base}/`)) return next()
    const actor = await actorOf(ctx.cookies.get('zhiyin_session'), ctx.get('authorization'))
    if (!hasRole(actor, 'admin')) return ctx.redirect(`/console/login?to=${base}`)
    ctx.remove('content-security-policy')
    return board(ctx, next)
  }
}
