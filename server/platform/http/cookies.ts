import type { Context } from 'koa'

/** The cookies of a request, and those its answer sets. */
export type Cookies = {
  readonly get: (name: string) => string | undefined
  /** The value of a Set-Cookie header. */
  readonly set: (header: string) => void
}

export const cookiesOf = (ctx: Pick<Context, 'cookies' | 'append'>): Cookies => ({
  get: (name) => ctx.cookies.get(name),
  set: (header) => ctx.append('set-cookie', header),
})
