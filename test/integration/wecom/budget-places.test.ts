import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Budget } from '../../../server/wecom/budget/budget.ts'
import { blockedMs, call, failure, limits, ok, otherPath, type Ask, useBudgets } from '../../support/budget.ts'

const { clock, process } = useBudgets()

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
      ...start(budget, 20, elsewhere.work, { urgency: 'bulk', at: otherPath }),
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
