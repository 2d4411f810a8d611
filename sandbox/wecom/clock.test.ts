import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ClockState } from './admin/contract.ts'
import { startSandbox, type Sandbox } from './testing/harness.ts'

const HOUR = 3_600_000
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const clock = (query = ''): Promise<{ version: number; now: number; offsetMs: number }> =>
  sandbox.read(`clock${query}`, ClockState)

test('runs like the real clock, moved by an offset', async () => {
  const before = await clock()
  await sandbox.advance(HOUR)
  const after = await clock()
  expect(after.offsetMs - before.offsetMs).toBe(HOUR)
  expect(after.version).toBe(before.version + 1)
  expect(after.now - Date.now() - after.offsetMs).toBeLessThan(1000)
})

test('can be set to a moment and back to the real time', async () => {
  await sandbox.act('clock/set', { now: Date.UTC(2030, 0, 1) })
  expect(new Date((await clock()).now).getUTCFullYear()).toBe(2030)
  await sandbox.act('clock/set', { now: null })
  expect((await clock()).offsetMs).toBe(0)
})

test('a follower hears of a jump at once, and advance waits for its acknowledgement', async () => {
  const { version } = await clock()
  const poll = clock(`?since=${version}`)
  await wait(50)
  let advanced = false
  const advance = (async () => {
    await sandbox.advance(HOUR)
    advanced = true
  })()
  const heard = await poll
  expect(heard.version).toBe(version + 1)
  await wait(100)
  expect(advanced).toBe(false)
  const gone = new AbortController()
  const acknowledging = fetch(`${sandbox.url}/sandbox/api/clock?since=${heard.version}`, { signal: gone.signal })
  await advance
  gone.abort()
  await expect(acknowledging).rejects.toThrow()
})

test('a follower that hung up is not waited for', async () => {
  const { version } = await clock()
  const gone = new AbortController()
  const poll = fetch(`${sandbox.url}/sandbox/api/clock?since=${version}`, { signal: gone.signal })
  await wait(50)
  gone.abort()
  await expect(poll).rejects.toThrow()
  await wait(20)
  const started = Date.now()
  await sandbox.advance(HOUR)
  expect(Date.now() - started).toBeLessThan(1000)
})

test('a named follower is waited for even between two polls', async () => {
  const first = await clock('?follower=worker')
  let advanced = false
  const advance = (async () => {
    await sandbox.advance(HOUR)
    advanced = true
  })()
  await wait(100)
  expect(advanced).toBe(false)
  await clock(`?follower=worker&since=${first.version}`)
  const gone = new AbortController()
  const poll = fetch(`${sandbox.url}/sandbox/api/clock?follower=worker&since=${first.version + 1}`, {
    signal: gone.signal,
  })
  await advance
  gone.abort()
  await expect(poll).rejects.toThrow()
})
