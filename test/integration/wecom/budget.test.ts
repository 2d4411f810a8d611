import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { blockedMs, call, failure, limits, ok, otherPath, passed, somePath, useBudgets } from '../../support/budget.ts'

const { clock, process } = useBudgets()

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
    expect(await passed([budget], 15, { at: otherPath })).toBe(5)
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
    const other = process()
    expect(await passed([other], 100, { at: otherPath })).toBe(100)
    const waiting = call(other, ok, { at: otherPath, patienceMs: 1000 })
    clock.advance(700)
    expect(await waiting).toBe('ok')
  })

  it('a clock that differs a little changes nothing; one that goes back closes nothing', async () => {
    const budget = process()
    expect(await passed([budget], 100)).toBe(100)
    clock.advance(-500)
    expect(await passed([budget], 100)).toBe(0)
    await call(budget, (host) => host.block(), { at: otherPath })
    clock.advance(-500)
    expect(await passed([process()], 2, { at: otherPath })).toBe(0)
    clock.advance(-30 * 86_400_000)
    expect(await passed([process()], 200)).toBe(100)
    expect(await passed([process()], 2, { at: otherPath })).toBeGreaterThan(0)
  })

  it('what was granted and not used is given back', async () => {
    const [one, two] = [process(), process()]
    // Growing grants: the last one is larger than what is used of it.
    for (let made = 0; made < 40; made += 1) await call(one, ok)
    await sleep(1200)
    expect(await passed([two], 200)).toBe(60)
  })
})

describe('what it tells', () => {
  it('calls of the last minute, what is left, who is blocked until when, how many at once', async () => {
    const [one, two] = [process(), process()]
    expect(await passed([one, two], 50)).toBe(50)
    await call(one, (host) => host.block(), { at: otherPath })
    await sleep(1200)
    const status = await two.status()
    expect(status?.find((each) => each.path === somePath)).toEqual({
      path: somePath,
      scope: null,
      lastMinute: 50,
      left: 0.5,
      inFlight: 0,
      parallel: 10,
      blockedUntil: null,
    })
    expect(status?.find((each) => each.path === otherPath)?.blockedUntil).toEqual(new Date(clock.now() + 60_000))
    clock.advance(3 * 60_000)
    expect((await two.status())?.find((each) => each.path === somePath)).toMatchObject({ lastMinute: 0, left: 1 })
  })
})
