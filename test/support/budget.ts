import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect } from 'vitest'
import { createBudget, type Budget, type Host } from '../../server/wecom/budget/budget.ts'
import type { Limits, Urgency } from '../../server/wecom/budget/limits.ts'
import { WecomError } from '../../server/wecom/errors.ts'
import type { SharedStore } from '../../server/wecom/store.ts'
import { movableClock } from './clock.ts'
import { quietLog } from './log.ts'
import { useRedis } from './redis.ts'

export const somePath = '/cgi-bin/some/list'
export const otherPath = '/cgi-bin/other/list'

/** Of each limit half may be called at once. */
export const limits = (over: Partial<Limits> = {}): Limits => ({
  all: { minute: 100_000 },
  path: { minute: 200 },
  parallel: 10,
  own: {},
  ...over,
})

/** Budgets of several processes of one company, with a clock that stands still. */
export const useBudgets = () => {
  const redis = useRedis()
  const clock = movableClock()
  let key = ''
  beforeEach(() => (key = `budget ${randomUUID()}`))
  afterEach(() => redis.get().flushall())
  return {
    redis,
    clock,
    /** One process. */
    process: (given = limits(), store: SharedStore = redis.get()): Budget =>
      createBudget({ redis: store, key, clock, log: quietLog, limits: given }),
  }
}

export type Ask = { urgency?: Urgency; at?: string; scope?: string; patienceMs?: number }
export const call = <T>(budget: Budget, work: (host: Host) => Promise<T>, ask: Ask = {}): Promise<T> => {
  const { urgency = 'now', at = somePath, patienceMs = 500, scope } = ask
  return budget.run({ path: at, urgency, patienceMs, timeoutMs: 1000, ...(scope ? { scope } : {}) }, work)
}
export const ok = async (): Promise<'ok'> => 'ok'
/** How long a blocked call was told to wait; any other error is thrown on. */
export const blockedMs = (error: unknown): number => {
  if (!(error instanceof WecomError) || error.kind !== 'blocked' || typeof error.retry === 'string') throw error
  return error.retry.afterMs
}
/** How many of so many calls went through; the others were blocked. */
export const passed = async (budgets: readonly Budget[], count: number, ask: Ask = {}): Promise<number> => {
  const calls = Array.from({ length: count }, (_, index) => budgets[index % budgets.length])
  const ended = await Promise.all(
    calls.map((budget) => (budget ? call(budget, ok, ask).catch(blockedMs) : Promise.resolve(0))),
  )
  return ended.filter((end) => end === 'ok').length
}
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it went through'),
    (error: unknown) => error,
  )
