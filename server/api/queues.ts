import type { Middleware } from 'koa'
import { lanes } from '../flow/jobs.ts'
import type { Queues } from '../flow/enqueue.ts'
import { hasRole, type Actor } from '../platform/actor.ts'

const base = '/queues'

/** The board's page asks another company's server for its fonts: it does not load where that is out of reach, and tells who looks. */
const foreignFonts = /<link href="https:[^>]*>/g

/** Where the console asks who is there: it lets them sign in, sends admins on to the board, tells others what they lack. */
const door = '/console/queues'

/** Loaded when it is first looked at: it brings much of its own, and most processes never show it. */
const boardOf = async (queues: Queues): Promise<Middleware> => {
  const [{ createBullBoard }, { BullMQAdapter }, { KoaAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/koa'),
  ])
  const adapter = new KoaAdapter()
  adapter.setBasePath(base)
  createBullBoard({ queues: lanes.map((lane) => new BullMQAdapter(queues[lane])), serverAdapter: adapter })
  return adapter.registerPlugin()
}

/** The queue board, for admins only. */
export const queueBoard = (
  queues: Queues,
  actorOf: (cookie: string | undefined, authorization: string) => Promise<Actor>,
): Middleware => {
  let board: Promise<Middleware> | null = null
  return async (ctx, next) => {
    if (ctx.path !== base && !ctx.path.startsWith(`${base}/`)) return next()
    const actor = await actorOf(ctx.cookies.get('zhiyin_session'), ctx.get('authorization'))
    if (!hasRole(actor, 'admin')) return ctx.redirect(door)
    board ??= boardOf(queues)
    await (
      await board
    )(ctx, next)
    if (typeof ctx.body === 'string') ctx.body = ctx.body.replace(foreignFonts, '')
  }
}
