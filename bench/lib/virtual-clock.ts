import type { Clock } from '../../server/platform/clock.ts'

/** The system's clock, so far ahead as it has been moved. */
export const virtualClock = (): Clock & { leap(ms: number): void } => {
  let ahead = 0
  const listeners = new Set<() => void>()
  return {
    now: () => Date.now() + ahead,
    date: () => new Date(Date.now() + ahead),
    onJump: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    leap: (ms) => {
      ahead += ms
      for (const listener of listeners) listener()
    },
  }
}
