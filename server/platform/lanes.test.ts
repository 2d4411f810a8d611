import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createLanes } from './lanes.ts'

it('works at several keys at a time, and at one key never twice at once', async () => {
  const under = new Set<string>()
  let most = 0
  const ask = createLanes<string, string>(
    async (keys) => {
      for (const key of new Set(keys)) {
        expect(under.has(key)).toBe(false)
        under.add(key)
      }
      most = Math.max(most, under.size)
      await sleep(5)
      for (const key of keys) under.delete(key)
      return keys
    },
    { lanes: 3, most: 1, restMs: 0 },
  )
  const keys = Array.from({ length: 30 }, (_each, i) => `k${i % 6}`)
  expect(await Promise.all(keys.map((key) => ask(key, key)))).toEqual(keys)
  expect(most).toBe(3)
})
