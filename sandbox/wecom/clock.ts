import type { z } from 'zod'
import type { ClockState } from './admin/contract.ts'

type State = z.infer<typeof ClockState>

const POLL_MS = 25_000
const ACK_MS = 3_000
const FOLLOWER_MS = 30_000
/** More overflows setTimeout. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** A clock that runs like the real one, moved by an offset, and tells its followers when it jumps. */
export interface Clock {
  /** Epoch ms. */
  now: () => number
  /** Epoch seconds, as WeCom's own fields have it. */
  seconds(): number
  state(): State
  /** Answers when the version differs from `since`, or after 25 s; asking again acknowledges. `follower` names who asks. */
  follow(since: number | undefined, follower: string | undefined, gone: AbortSignal): Promise<State>
  /** Moves the clock and waits until every follower has acknowledged, at most 3 s. */
  move(offsetMs: number): Promise<State>
  /** Does something once the clock has reached `due` (epoch ms), however it gets there. Returns the way to call it off. */
  at(due: number, job: () => void): () => void
  /** Ends all waiting polls and calls off what is due later. */
  close(): void
}

/**
 * @param startOffset ms of an earlier run
 * @param moved hears each new offset
 */
export function createClock(startOffset: number, moved: (state: State) => void): Clock {
  let offsetMs = startOffset
  // Begins with the time of the start, so that a follower of an earlier run never takes a state for the one it knows.
  let version = Math.floor(Date.now() / 1000)
  const waiting = new Map<symbol, () => void>()
  /** Named followers: when they last asked, and the version they have acknowledged. */
  const known = new Map<string, { at: number; acked: number }>()
  /** How many unnamed followers were answered with a version and have not come back. */
  let owing = 0
  let acked: (() => void)[] = []
  const alarms = new Set<{ due: number; job: () => void }>()
  let ringing: NodeJS.Timeout | undefined

  /** Does what is due, and comes back for the next. */
  const ring = (): void => {
    clearTimeout(ringing)
    const now = Date.now() + offsetMs
    const due = [...alarms].filter((alarm) => alarm.due <= now).toSorted((a, b) => a.due - b.due)
    for (const alarm of due) {
      alarms.delete(alarm)
      alarm.job()
    }
    const next = Math.min(...[...alarms].map((alarm) => alarm.due))
    if (next !== Infinity) ringing = setTimeout(ring, Math.min(Math.max(1, next - now), LONGEST_TIMER_MS))
  }

  const state = (): State => ({ version, now: Date.now() + offsetMs, offsetMs })
  const settled = (): boolean =>
    owing <= 0 && [...known.values()].every((one) => one.acked >= version || Date.now() - one.at > FOLLOWER_MS)
  const check = (): void => {
    if (!settled()) return
    for (const done of acked) done()
    acked = []
  }

  return {
    now: () => Date.now() + offsetMs,
    seconds: () => Math.floor((Date.now() + offsetMs) / 1000),
    state,

    follow(since, follower, gone) {
      if (follower !== undefined) known.set(follower, { at: Date.now(), acked: since ?? 0 })
      else if (since === version && owing > 0) owing -= 1
      check()
      if (since !== version) return Promise.resolve(state())
      return new Promise((resolve) => {
        const id = Symbol('poll')
        const answer = (): void => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(state())
        }
        const timer = setTimeout(answer, POLL_MS)
        waiting.set(id, () => {
          if (follower === undefined) owing += 1
          answer()
        })
        gone.addEventListener('abort', () => {
          if (follower !== undefined) known.delete(follower)
          answer()
          check()
        })
      })
    },

    async move(next) {
      offsetMs = next
      version += 1
      owing = 0
      for (const wake of waiting.values()) wake()
      moved(state())
      ring()
      if (!settled()) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ACK_MS)
          acked.push(() => {
            clearTimeout(timer)
            resolve()
          })
        })
      }
      return state()
    },

    at(due, job) {
      const alarm = { due, job }
      alarms.add(alarm)
      ring()
      return () => alarms.delete(alarm)
    },

    close() {
      clearTimeout(ringing)
      alarms.clear()
      for (const wake of waiting.values()) wake()
    },
  }
}
