import type { Clock } from '../../server/platform/clock.ts'

export type MovableClock = Clock & {
  /** Moves the time on and tells the listeners. */
  advance(ms: number): void
  set(at: Date): void
}

/** A clock that stands still until it is moved. */
export const movableClock = (start = new Date('2026-03-02T02:00:00Z')): MovableClock => {
  let now = start.getTime()
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    now: () => now,
    date: () => new Date(now),
    onJump: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    advance: (ms) => {
      now += ms
      tell()
    },
    set: (at) => {
      now = at.getTime()
      tell()
    },
  }
}
