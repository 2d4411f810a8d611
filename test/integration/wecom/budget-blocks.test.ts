import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Budget, Host } from '../../../server/wecom/budget/budget.ts'
import type { SharedStore } from '../../../server/wecom/store.ts'
import { blockedMs, call, failure, limits, ok, otherPath, passed, type Ask, useBudgets } from '../../support/budget.ts'

const { clock, process, redis } = useBudgets()

describe('45009', () => {
  const block = (budget: Budget, ask: Ask = {}): Promise<number> => call(budget, (host) => host.block(), ask)

  it('closes the path for all processes, and no other', async () => {
    const [one, two] = [process(), process()]
    expect(await block(one)).toBe(60_000)
    clock.advance(10_000)
    for (const budget of [one, two]) {
      expect(blockedMs(await failure(call(budget, ok)))).toBe(50_000)
      expect(await call(budget, ok, { at: otherPath })).toBe('ok')
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
    await call(budget, (host) => host.narrow(), { at: otherPath })
    expect(await passed([budget], 5, { at: otherPath })).toBe(5)
  })
})
