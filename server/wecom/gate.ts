import type { Clock } from '../platform/clock.ts'

const FIRST_MS = 60_000
const LONGEST_MS = 60 * 60_000

/** Keeps calls of one path (or one robot) within what WeCom takes. */
export type Gate = {
  /** Milliseconds the path still has to be left alone; 0 when it is open. */
  blockedMs: (path: string) => number
  /** WeCom answered 45009: closes the path for 60 s, twice as long each time in a row. Answers for how long. */
  block: (path: string) => number
  /** A call went through: the next block is a short one again. */
  passed: (path: string) => void
  /** Runs `work` when fewer than `limit` others of the path are running (45033: a small pool per API). */
  run<T>(path: string, work: () => Promise<T>): Promise<T>
}

type Block = { until: number; ms: number }

export const createGate = (clock: Clock, limit = 10): Gate => {
  const blocks = new Map<string, Block>()
  const running = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()

  const enter = async (path: string): Promise<void> => {
    const count = running.get(path) ?? 0
    if (count < limit) {
      running.set(path, count + 1)
      return
    }
    await new Promise<void>((resolve) => {
      const queue = waiting.get(path) ?? []
      queue.push(resolve)
      waiting.set(path, queue)
    })
  }

  /** A place that is given up goes to the one that waits longest. */
  const leave = (path: string): void => {
    const next = waiting.get(path)?.shift()
    if (next) next()
    else running.set(path, (running.get(path) ?? 1) - 1)
  }

  return {
    blockedMs: (path) => Math.max(0, (blocks.get(path)?.until ?? 0) - clock.now()),
    block: (path) => {
      const before = blocks.get(path)
      const ms = before ? Math.min(before.ms * 2, LONGEST_MS) : FIRST_MS
      blocks.set(path, { until: clock.now() + ms, ms })
      return ms
    },
    passed: (path) => {
      blocks.delete(path)
    },
    run: async (path, work) => {
      await enter(path)
      try {
        return await work()
      } finally {
        leave(path)
      }
    },
  }
}
