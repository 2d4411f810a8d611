import type { Middleware } from 'koa'
import { AppError } from '../errors.ts'

/** Whoever is refused while the process starts may try again after this. */
const afterMs = 5_000

/** While `done` is open, `shut` refuses what comes (503 server.starting). A start that fails ends the process, which is for whoever waits for it. */
export const createStarting = (done: Promise<unknown>): { starting(): boolean; readonly shut: Middleware } => {
  let starting = true
  done.then(
    () => (starting = false),
    () => undefined,
  )
  return {
    starting: () => starting,
    shut: async (_ctx, next) => {
      if (starting) throw new AppError('server.starting', { status: 503, retry: { afterMs } })
      await next()
    },
  }
}
