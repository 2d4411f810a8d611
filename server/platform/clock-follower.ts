import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

const State = z.object({ version: z.int(), offsetMs: z.int() })

export type FollowedClock = Clock & { close(): void }

/**
 * A clock that follows another one over HTTP (`--clock=URL`; sandbox and tests only, never from the environment).
 * Asking again with the version last seen is the acknowledgement that this process has moved.
 * Rejects when the clock cannot be reached at the start.
 */
export const followClock = async (url: string, log: Log): Promise<FollowedClock> => {
  const closing = new AbortController()
  const listeners = new Set<() => void>()
  let offset = 0
  let version = -1

  const ask = async (): Promise<void> => {
    const response = await fetch(`${url}?since=${version}`, {
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(60_000)]),
    })
    if (!response.ok) throw new Error(`The clock at ${url} answered ${response.status}`)
    const state = State.parse(await response.json())
    const moved = state.version !== version && state.offsetMs !== offset
    version = state.version
    offset = state.offsetMs
    if (moved) for (const listener of listeners) listener()
  }

  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await ask()
      } catch (error) {
        if (closing.signal.aborted) return
        log.warn({ err: error }, 'the clock cannot be reached; time goes on from where it was')
        await sleep(500)
      }
    }
  }

  await ask()
  void follow()
  const now = (): number => Date.now() + offset
  return {
    now,
    date: () => new Date(now()),
    onJump(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => closing.abort(),
  }
}
