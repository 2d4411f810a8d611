import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBudget, type Budget, type Host } from '../../../server/wecom/budget/budget.ts'
import type { Limits, Urgency } from '../../../server/wecom/budget/limits.ts'
import { WecomError } from '../../../server/wecom/errors.ts'
import type { SharedStore } from '../../../server/wecom/store.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'
import { useRedis } from '../../support/redis.ts'

const redis = useRedis()
const path = '/cgi-bin/some/list'
const other = '/cgi-bin/other/list'
let clock: MovableClock
let key = ''
beforeEach(() => {
  clock = movableClock()
  key = `budget ${randomUUID()}`
})
afterEach(() => redis.get().flushall())

/** Of each limit half may be called at once. */
const limits = (over: Partial<Limits> = {}): Limits => ({
  all: { minute: 100_000 },
  path: { minute: 200 },
  parallel: 10,
  own: {},
  ...over,
})
/** One process. */
const process = (given = limits(), store: SharedStore = redis.get()): Budget =>
  createBudget({ redis: store, key, clock, log: quietLog, limits: given })

type Ask = { urgency?: Urgency; at?: string; scope?: string; patienceMs?: number }
const call = <T>(budget: Budget, work: (host: Host) => Promise<T>, ask: Ask = {}): Promise<T> => {
  const { urgency = 'now', at = path, patienceMs = 200, scope } = ask
  return budget.run({ path: at, urgency, patienceMs, timeoutMs: 1000, ...(scope ? { scope } : {}) }, work)
}
const ok = async (): Promise<'ok'> => 'ok'
/** How long a blocked call was told to wait; any other error is thrown on. */
const blockedMs = (error: unknown): number => {
  if (!(error instanceof WecomError) || error.kind !== 'blocked' || typeof error.retry === 'string') throw error
  return error.retry.afterMs
}
/** How many of so many calls went through; the others were blocked. */
const passed = async (budgets: readonly Budget[], count: number, ask: Ask = {}): Promise<number> => {
  const calls = Array.from({ length: count }, (_, index) => budgets[index % budgets.length])
  const ended = await Promise.all(
    calls.map((budget) => (budget ? call(budget, ok, ask).catch(blockedMs) : Promise.resolve(0))),
  )
  return ended.filter((end) => end === 'ok').length
}
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it went through'),
    (error: unknown) => error,
  )

describe('how many', () => {
  it('half of a limit at once, over all processes, then spread over its time', async () => {
    const three = [process(), process(), process()]
    expect(await passed(three, 300)).toBe(100)
    clock.advance(20_000)
    expect(await passed(three, 100)).toBe(30)
    clock.advance(24 * 3_600_000)
    expect(await passed(three, 300)).toBe(100)
  })

  it('never more than the limit in any of its windows, wherever it begins', async () => {
    const budget = process(limits({ path: { minute: 60 } }))
    const made: number[] = []
    for (let second = 0; second < 150; second += 5) {
      for (let count = await passed([budget], 20, { patienceMs: 1 }); count > 0; count -= 1) made.push(clock.now())
      clock.advance(5000)
    }
    const most = Math.max(...made.map((from) => made.filter((at) => at >= from && at < from + 60_000).length))
    expect(most).toBeLessThanOrEqual(60)
    expect(most).toBeGreaterThan(50)
  })

  it('of all paths together', async () => {
    const budget = process(limits({ all: { minute: 40 } }))
    expect(await passed([budget], 15)).toBe(15)
    expect(await passed([budget], 15, { at: other })).toBe(5)
  })

  it('the less urgent leave something to the more urgent', async () => {
    const budget = process()
    expect(await passed([budget], 200, { urgency: 'bulk' })).toBe(75)
    expect(await passed([budget], 200, { urgency: 'soon' })).toBe(20)
    expect(await passed([budget], 200, { urgency: 'now' })).toBe(5)
  })

  it('tells how long to wait when that is too long, and waits when it is not', async () => {
    const budget = process(limits({ path: { hour: 100 } }))
    expect(await passed([budget], 50)).toBe(50)
    // 45 an hour after the burst: one in 80 s.
    expect(blockedMs(await failure(call(budget, ok)))).toBeCloseTo(80_000, -3)
    const quick = process(limits({ path: { minute: 2000 } }))
    expect(await passed([quick], 1000, { at: other })).toBe(1000)
    const waiting = call(quick, ok, { at: other, patienceMs: 1000 })
    clock.advance(100)
    expect(await waiting).toBe('ok')
  })

  it('a clock that differs a little changes nothing; one that goes back closes nothing', async () => {
    const budget = process()
    expect(await passed([budget], 100)).toBe(100)
    clock.advance(-500)
    expect(await passed([budget], 100)).toBe(0)
    await call(budget, (host) => host.block(), { at: other })
    clock.advance(-500)
    expect(await passed([process()], 2, { at: other })).toBe(0)
    clock.advance(-30 * 86_400_000)
    expect(await passed([process()], 200)).toBe(100)
    expect(await passed([process()], 2, { at: other })).toBeGreaterThan(0)
  })

  it('what was granted and not used is given back', async () => {
    const [one, two] = [process(), process()]
    // Growing grants: the last one is larger than what is used of it.
    for (let made = 0; made < 40; made += 1) await call(one, ok)
    await sleep(1200)
    expect(await passed([two], 200)).toBe(60)
  })
})

describe('how many at once', () => {
  /** Calls that stay until they are let go. */
  const hold = () => {
    let [now, most] = [0, 0]
    const waiting: (() => void)[] = []
    const work = async (): Promise<void> => {
      now += 1
      most = Math.max(most, now)
      await new Promise<void>((resolve) => waiting.push(resolve))
      now -= 1
    }
    return { work, most: () => most, now: () => now, free: () => waiting.splice(0).forEach((let_go) => let_go()) }
  }
  const roomy = limits({ path: { minute: 100_000 } })
  const start = (budget: Budget, count: number, work: () => Promise<void>, ask: Ask = {}) =>
    Array.from({ length: count }, () => call(budget, work, { patienceMs: 5000, ...ask }).catch(blockedMs))

  it('not more than the places of a path, over all processes, and each gets its share', async () => {
    const processes = [process(roomy), process(roomy), process(roomy)]
    const [all, second] = [hold(), hold()]
    const started = processes.flatMap((budget, index) =>
      start(budget, 60, async () => {
        await Promise.all([all.work(), ...(index === 1 ? [second.work()] : [])])
      }),
    )
    const freeing = setInterval(() => {
      all.free()
      second.free()
    }, 15)
    await Promise.all(started)
    clearInterval(freeing)
    expect(all.most()).toBe(10)
    expect(second.most()).toBeGreaterThanOrEqual(3)
  })

  it('one path does not take the places of another; bulk leaves some', async () => {
    const budget = process(roomy)
    const [bulk, now, elsewhere] = [hold(), hold(), hold()]
    const started = [
      ...start(budget, 20, bulk.work, { urgency: 'bulk' }),
      ...start(budget, 20, elsewhere.work, { urgency: 'bulk', at: other }),
    ]
    await sleep(150)
    expect([bulk.now(), elsewhere.now()]).toEqual([7, 7])
    started.push(...start(budget, 2, now.work, { urgency: 'now', patienceMs: 500 }))
    await sleep(100)
    expect(now.now()).toBe(2)
    const freeing = setInterval(() => [bulk, now, elsewhere].forEach((each) => each.free()), 10)
    await Promise.all(started)
    clearInterval(freeing)
  })

  it('the places of a process that died are free after seconds', async () => {
    const calls = hold()
    const dead = process(roomy)
    const lost = start(dead, 10, calls.work)
    await sleep(50)
    const budget = process(roomy)
    expect(calls.now()).toBe(10)
    expect(blockedMs(await failure(call(budget, ok)))).toBeLessThan(5000)
    // As if nobody renewed: by the clock the leases are over.
    clock.advance(3001)
    expect(await call(budget, ok)).toBe('ok')
    calls.free()
    await Promise.all(lost)
  })

  it('45033: half the places for all, one more every half minute', async () => {
    const [one, two] = [process(roomy), process(roomy)]
    await call(one, (host) => host.narrow())
    const most = async (budget: Budget): Promise<number> => {
      const calls = hold()
      const freeing = setInterval(calls.free, 10)
      await Promise.all(start(budget, 12, calls.work))
      clearInterval(freeing)
      await sleep(1100)
      return calls.most()
    }
    await sleep(1100)
    expect(await most(two)).toBe(5)
    clock.advance(60_000)
    expect(await most(two)).toBe(7)
    clock.advance(600_000)
    expect(await most(one)).toBe(10)
  }, 15_000)

  it('strategies are written one after the other, whatever the path', async () => {
    const strategies = { parallel: 1, group: 'strategy' }
    const given = limits({ own: { '/s/create': strategies, '/s/edit': strategies } })
    const [one, two, calls] = [process(given), process(given), hold()]
    const started = [...start(one, 3, calls.work, { at: '/s/create' }), ...start(two, 3, calls.work, { at: '/s/edit' })]
    const freeing = setInterval(calls.free, 10)
    await Promise.all(started)
    clearInterval(freeing)
    expect(calls.most()).toBe(1)
  })
})

describe('45009', () => {
  const block = (budget: Budget, ask: Ask = {}): Promise<number> => call(budget, (host) => host.block(), ask)

  it('closes the path for all processes, and no other', async () => {
    const [one, two] = [process(), process()]
    expect(await block(one)).toBe(60_000)
    clock.advance(10_000)
    for (const budget of [one, two]) {
      expect(blockedMs(await failure(call(budget, ok)))).toBe(50_000)
      expect(await call(budget, ok, { at: other })).toBe('ok')
    }
  })

  it('those who wait are told at once', async () => {
    const budget = process(limits({ parallel: 1 }))
    const first = call(budget, async (host) => {
      await sleep(50)
      return host.block()
    })
    const behind = failure(call(budget, ok, { patienceMs: 5000 }))
    expect(await first).toBe(60_000)
    expect(blockedMs(await behind)).toBe(60_000)
  })

  it('then a single call is tried; twice as long when that is refused too; all go on when it is not', async () => {
    const [one, two] = [process(), process()]
    await block(one)
    let running = 0
    const probe = async (host: Host): Promise<string> => {
      running += 1
      await sleep(100)
      return `again ${await host.block()}`
    }
    clock.advance(60_000)
    const tries = Array.from({ length: 5 }, () => [one, two]).flat()
    const ended = await Promise.all(
      tries.map((budget) => call<string | number>(budget, probe, { patienceMs: 800 }).catch(blockedMs)),
    )
    expect(running).toBe(1)
    expect(ended.filter((end) => end === 'again 120000')).toHaveLength(1)
    clock.advance(119_000)
    expect(await passed([one, two], 4)).toBe(0)
    clock.advance(1000)
    await call(one, (host) => host.pass())
    expect(await passed([one, two], 10)).toBe(10)
    expect(await block(one)).toBe(60_000)
  })

  it('several calls that hear it at the same time are one block; an answer from before does not open the path', async () => {
    const [one, two] = [process(), process()]
    const hear = (budget: Budget) =>
      Array.from({ length: 4 }, () =>
        call(budget, async (host) => {
          await sleep(50)
          return host.block()
        }),
      )
    const slow = call(one, async (host) => {
      await sleep(150)
      await host.pass()
    })
    expect(new Set(await Promise.all([...hear(one), ...hear(two)]))).toEqual(new Set([60_000]))
    await slow
    expect(await passed([one, two], 2)).toBe(0)
  })

  it('lasts as long as the window that we have used up ourselves', async () => {
    const budget = process(limits({ path: { hour: 100 } }))
    expect(await passed([budget], 49)).toBe(49)
    expect(await block(budget)).toBe(3_600_000)
  })

  it('of one robot is not of another', async () => {
    const budget = process()
    await block(budget, { scope: 'robot1' })
    expect(blockedMs(await failure(call(budget, ok, { scope: 'robot1' })))).toBe(60_000)
    expect(await call(budget, ok, { scope: 'robot2' })).toBe('ok')
  })

  it('is remembered by who heard of it when Redis is emptied', async () => {
    const budget = process()
    await block(budget)
    await redis.get().flushall()
    expect(await passed([budget], 2)).toBe(0)
  })
})

describe('without Redis', () => {
  const away: SharedStore = {
    get: () => Promise.reject(new Error('away')),
    set: () => Promise.reject(new Error('away')),
    eval: () => Promise.reject(new Error('away')),
  }

  it('each process keeps to a share of its own', async () => {
    const budget = process(limits(), away)
    expect(await passed([budget], 100)).toBe(20)
    expect(await budget.status()).toBeNull()
    clock.advance(20_000)
    expect(await passed([budget], 100)).toBe(6)
  })

  it('blocks, probes and narrows for itself', async () => {
    const budget = process(limits(), away)
    expect(await call(budget, (host) => host.block())).toBe(60_000)
    expect(blockedMs(await failure(call(budget, ok)))).toBe(60_000)
    clock.advance(60_000)
    expect(await call(budget, (host) => host.block())).toBe(120_000)
    clock.advance(120_000)
    await call(budget, (host) => host.pass())
    expect(await passed([budget], 5)).toBe(5)
    await call(budget, (host) => host.narrow(), { at: other })
    expect(await passed([budget], 5, { at: other })).toBe(5)
  })
})

describe('what it tells', () => {
  it('calls of the last minute, what is left, who is blocked until when, how many at once', async () => {
    const [one, two] = [process(), process()]
    expect(await passed([one, two], 50)).toBe(50)
    await call(one, (host) => host.block(), { at: other })
    await sleep(1200)
    const status = await two.status()
    expect(status?.find((each) => each.path === path)).toEqual({
      path,
      scope: null,
      lastMinute: 50,
      left: 0.5,
      inFlight: 0,
      parallel: 10,
      blockedUntil: null,
    })
    expect(status?.find((each) => each.path === other)?.blockedUntil).toEqual(new Date(clock.now() + 60_000))
    clock.advance(3 * 60_000)
    expect((await two.status())?.find((each) => each.path === path)).toMatchObject({ lastMinute: 0, left: 1 })
  })
})
