import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { inScope, show } from '../testing/within.ts'
import { usePolling } from './usePolling.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  show(true)
  vi.useRealTimers()
})

it('runs while the page is visible, at once when it comes back, and never after its scope', async () => {
  const round = vi.fn(() => Promise.resolve(true))
  const { scope } = inScope(() => usePolling({ every: () => 4_000, round }))
  await vi.advanceTimersByTimeAsync(8_100)
  expect(round).toHaveBeenCalledTimes(2)
  show(false)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(round).toHaveBeenCalledTimes(2)
  show(true)
  await vi.advanceTimersByTimeAsync(1)
  expect(round).toHaveBeenCalledTimes(3)
  scope.stop()
  show(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(round).toHaveBeenCalledTimes(3)
})

it('waits twice as long after each failure, up to a limit', async () => {
  const round = vi.fn(() => Promise.resolve(false))
  const { scope } = inScope(() => usePolling({ every: () => 1_000, round, maxWait: 4_000 }))
  await vi.advanceTimersByTimeAsync(1_000 + 2_000 + 4_000 + 4_000)
  expect(round).toHaveBeenCalledTimes(4)
  scope.stop()
})

it('stays still while there is nothing to do, until poked', async () => {
  let wait: number | null = null
  const round = vi.fn(() => Promise.resolve(true))
  const { value: polling, scope } = inScope(() => usePolling({ every: () => wait, round }))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(round).not.toHaveBeenCalled()
  wait = 1_000
  polling.poke()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(round).toHaveBeenCalledTimes(1)
  scope.stop()
})
