import Router from 'koa-router'
import type { RequestState } from '../platform/http/context.ts'
import type { RateLimit } from '../platform/http/rate-limit.ts'
import type { Log } from '../platform/log.ts'
import type { Open } from './open.ts'
import { isPerson, markOf } from './visitor.ts'

type Deps = { open: Open; log: Log }

const gone = { zh: '链接不存在，请联系发给你的人。', en: 'There is no such link; ask whoever sent it to you.' }

/** `/l/<code>` leads to where the link was made for, and nowhere else. Whoever opens it gets there even when it cannot be noted. */
export const linkRoutes =
  ({ open, log }: Deps) =>
  (rateLimit: RateLimit): Router<RequestState> => {
    const router = new Router<RequestState>()
    router.get('/l/:code', async (ctx) => {
      ctx.state.route = '/l/:code'
      await rateLimit('public', ctx.ip)
      const code = ctx.params['code'] ?? ''
      const link = /^[\w-]{10}$/.test(code) ? await open.find(code) : null
      ctx.set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' })
      if (link === null) {
        ctx.status = 404
        ctx.type = 'text/plain'
        ctx.body = gone[ctx.state.lang]
        return
      }
      const header = (name: string): string => ctx.get(name)
      if (isPerson(ctx.method, header)) {
        try {
          await open.opened(link, markOf(ctx.ip, header))
        } catch (error) {
          log.error({ err: error, code }, 'the opening of a link was not noted')
        }
      }
      ctx.status = 302
      ctx.set('location', link.url)
      ctx.body = ''
    })
    return router
  }
