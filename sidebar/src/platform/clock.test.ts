import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { inScope } from '../testing/within.ts'
import { createClock } from './clock.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

it('goes by the server when it is far off, and ignores a few seconds', () => {
  const { value: clock, scope } = inScope(() => createClock())
  clock.heard(1_003_000)
  expect(clock.read()).toBe(1_000_000)
  clock.heard(1_000_000 + 30 * 86_400_000)
  expect(clock.now.value).toBe(1_000_000 + 30 * 86_400_000)
  vi.advanceTimersByTime(15_000)
  expect(clock.now.value).toBe(1_015_000 + 30 * 86_400_000)
  clock.heard(1_015_000)
  expect(clock.read()).toBe(1_015_000)
  scope.stop()
  expect(vi.getTimerCount()).toBe(0)
})
