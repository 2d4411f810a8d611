import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { within } from './timeout.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('passes an answer and a failure on', async () => {
  await expect(within(Promise.resolve(1), 100)).resolves.toBe(1)
  await expect(within(Promise.reject(new Error('no')), 100)).rejects.toThrow('no')
  expect(vi.getTimerCount()).toBe(0)
})

it('gives up after the wait, and hears of a success that comes late', async () => {
  const late = vi.fn()
  let answer = (_value: string): void => undefined
  const promise = within(new Promise<string>((resolve) => (answer = resolve)), 100, late)
  const failed = expect(promise).rejects.toMatchObject({ fault: 'timeout' })
  await vi.advanceTimersByTimeAsync(100)
  await failed
  answer('done')
  await Promise.resolve()
  expect(late).toHaveBeenCalledWith('done')
})
