import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { movableClock } from '../../test/support/clock.ts'
import { useRedis } from '../../test/support/redis.ts'
import { createPace } from './pace.ts'

const redis = useRedis()
const start = new Date('2026-03-02T02:00:00Z')

beforeEach(async () => void (await redis.get().flushall()))

/** The most of these times that lie within one window. */
const most = (times: readonly number[], ms: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length))

describe('the pace', () => {
  it('of a robot is never above 18 in any minute, whatever is asked and however late it arrives', async () => {
    let run = 0
    const ask = fc.record({
      count: fc.integer({ min: 1, max: 18 }),
      waitMs: fc.integer({ min: 0, max: 20_000 }),
      lateMs: fc.integer({ min: 0, max: 8000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { minLength: 1, maxLength: 60 }), async (asks) => {
        run += 1
        const clock = movableClock(start)
        const [one, other] = [createPace(redis.get(), clock), createPace(redis.get(), clock)]
        const arrived: number[] = []
        for (const [index, { count, waitMs, lateMs }] of asks.entries()) {
          clock.advance(waitMs)
          const wait = await (index % 2 === 0 ? one : other).robot(`g${run}`, count)
          if (wait === 0) for (let turn = 0; turn < count; turn += 1) arrived.push(clock.now() + lateMs)
          else {
            // What it answers is long enough.
            clock.advance(wait)
            expect(await one.robot(`g${run}`, count)).toBe(0)
            for (let turn = 0; turn < count; turn += 1) arrived.push(clock.now() + lateMs)
          }
        }
        expect(most(arrived, 60_000)).toBeLessThanOrEqual(18)
      }),
      { numRuns: 30 },
    )
  })

  it('of a member stays below what WeCom drops: 30 a minute, 1000 an hour', async () => {
    const clock = movableClock(start)
    const pace = createPace(redis.get(), clock)
    const times: number[] = []
    while (clock.now() < start.getTime() + 2 * 3_600_000) {
      const wait = await pace.members(['Lina'], 1)
      if (wait === 0) times.push(clock.now())
      else clock.advance(wait)
    }
    expect(most(times, 60_000)).toBeLessThan(30)
    expect(times.filter((at) => at < start.getTime() + 3_600_000)).toHaveLength(900)
    expect(times.length).toBeGreaterThan(1700)
  })

  it('is taken by all members or by none, and userids are the same in any case', async () => {
    const clock = movableClock(start)
    const pace = createPace(redis.get(), clock)
    expect(await pace.members(['lina'], 24)).toBe(0)
    expect(await pace.members(['LINA'], 1)).toBeGreaterThan(0)
    expect(await pace.members(['wang', 'lina'], 1)).toBeGreaterThan(0)
    expect(await pace.members(['wang'], 24)).toBe(0)
  })

  it('of an owner is five messages in a quarter of an hour, in the order they were asked for, whoever asks again', async () => {
    const quarter = 15 * 60_000
    let run = 0
    const ask = fc.record({ count: fc.integer({ min: 1, max: 7 }), waitMs: fc.integer({ min: 0, max: 2 * quarter }) })
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { minLength: 1, maxLength: 12 }), async (asks) => {
        run += 1
        const owner = `wang${run}`
        const clock = movableClock(start)
        const [one, other] = [createPace(redis.get(), clock), createPace(redis.get(), clock)]
        const turns: number[] = []
        for (const [index, { count, waitMs }] of asks.entries()) {
          clock.advance(waitMs)
          const names = Array.from({ length: count }, (_, n) => `m${index}:${n}`)
          const given = await one.owner(owner, names)
          expect(await other.owner(owner, names)).toEqual(given)
          turns.push(...given)
        }
        expect(turns.toSorted((a, b) => a - b)).toEqual(turns)
        expect(most(turns, quarter)).toBeLessThanOrEqual(5)
      }),
      { numRuns: 30 },
    )
  })

  it('of an owner is given back by what does not go, and given anew to what let its turn go by', async () => {
    const quarter = 15 * 60_000
    const clock = movableClock(start)
    const pace = createPace(redis.get(), clock)
    const now = clock.now()
    expect(await pace.owner('Wang', ['1', '2', '3', '4', '5', '6', '7'])).toEqual([
      ...Array(5).fill(now),
      ...Array(2).fill(now + quarter),
    ])
    // What has had its turn counts though it failed; what was to come frees its place.
    await pace.ownerSpared('wang', ['1', '6'])
    expect(await pace.owner('wang', ['8'])).toEqual([now + quarter])
    clock.advance(3 * quarter)
    expect(await pace.owner('wang', ['7'])).toEqual([clock.now()])
  })

  it('lets one speak for a robot at a time, and tells how much it has said', async () => {
    const clock = movableClock(start)
    const pace = createPace(redis.get(), clock)
    const hold = await pace.hold('g')
    expect(hold).not.toBeNull()
    expect(await pace.hold('g')).toBeNull()
    await hold?.renew()
    await hold?.release()
    const next = await pace.hold('g')
    // Who has lost it cannot give back another's.
    await hold?.release()
    expect(await pace.hold('g')).toBeNull()
    await next?.release()
    await pace.robot('g', 3)
    expect(await pace.robotUsed('g')).toBe(3)
    clock.advance(60_000)
    expect(await pace.robotUsed('g')).toBe(0)
  })
})

it('nothing goes while nobody knows the pace', async () => {
  const away = redis.get().duplicate()
  away.disconnect()
  const pace = createPace(away, movableClock(start))
  expect(await pace.robot('g', 1)).toBe(5000)
  expect(await pace.owner('wang', ['m'])).toEqual([start.getTime() + 5000])
  expect(await pace.hold('g')).toBeNull()
})
