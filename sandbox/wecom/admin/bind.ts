import type Router from 'koa-router'
import type { Context } from 'koa'
import type { z } from 'zod'
import type { Endpoint } from '@zhiyin/shared/api/endpoint'
import { bodyAs, fit } from './input.ts'

/** The checked parts of one call. */
export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
  ctx: Context
}

/** Joins a declared endpoint with what answers it; input that does not fit is refused with what is wrong. */
export function bind<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  router: Router,
  endpoint: Endpoint<P, Q, B, O>,
  answer: (input: Input<z.output<P>, z.output<Q>, z.output<B>>) => z.input<O> | Promise<z.input<O>>,
): void {
  const carries = endpoint.method === 'POST' || endpoint.method === 'PUT'
  router.register(endpoint.path, [endpoint.method], async (ctx) => {
    ctx.body = await answer({
      params: fit(endpoint.params, ctx.params),
      query: fit(endpoint.query, Object.fromEntries(new URLSearchParams(ctx.querystring))),
      body: carries ? await bodyAs(ctx, endpoint.body) : fit(endpoint.body, {}),
      ctx,
    })
  })
}
