import type { Context } from 'koa'

/** Lets pages of any site call an endpoint that no cookie opens, and read when to come back. */
export const anyOrigin = (ctx: Pick<Context, 'set'>): void =>
  ctx.set({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after, x-ratelimit-reset' })

/** The answer to a browser that asks first whether it may. */
export const preflight = (ctx: Pick<Context, 'set' | 'status'>): void => {
  anyOrigin(ctx)
  ctx.set({
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, content-type, content-encoding, x-retry-count',
    'access-control-max-age': '86400',
  })
  ctx.status = 204
}
