import { randomUUID } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { answerOf, type SharedStore } from '../store.ts'
import { createLane } from './lane.ts'
import { createLedgers } from './ledgers.ts'
import { limitsOf, platformLimits, type Limits, type PathLimits, type Urgency } from './limits.ts'
import { readScript } from './scripts.ts'
import { statusOf, type PathStatus } from './status.ts'

export type Visit = {
  readonly path: string
  /** Narrows what a block closes: one robot is not another. */
  readonly scope?: string
  readonly urgency: Urgency
  /** How long to wait at most, where that is shorter than what the urgency allows. */
  readonly patienceMs: number
  /** The longest the call may take. */
  readonly timeoutMs: number
}

/** What the answer said about the limits; to be told before the visit ends, so that no other call begins meanwhile. */
export type Host = {
  /** 45009: nothing on this path until its window ends. Answers for how many ms. */
  block(): Promise<number>
  /** 45033: fewer at once from now on. */
  narrow(): Promise<void>
  /** It went through. */
  pass(): Promise<void>
}

/** Keeps the calls of all processes within what WeCom takes: how many of a path and of all, how many at once, none while it is blocked. */
export type Budget = {
  /** Waits for its turn, then does the work. Rejects with a WecomError `blocked` (with afterMs) when the wait would be too long. */
  run<T>(visit: Visit, work: (host: Host) => Promise<T>): Promise<T>
  /** How the paths called lately stand, over all processes; null while Redis is away and each keeps to a share of its own. */
  status(): Promise<PathStatus[] | null>
}

type Deps = {
  redis: SharedStore
  key: string
  clock: Clock
  log: Log
  limits?: Limits
  onWaited?: (path: string, ms: number) => void
}

export const createBudget = ({ redis, key, clock, log, limits = platformLimits, onWaited }: Deps): Budget => {
  const ledgers = createLedgers(redis, key, clock, log)
  const own = randomUUID().slice(0, 8)
  const lanes = new Map<string, ReturnType<typeof createLane>>()
  const known = new Map<string, PathLimits>()
  let made = 0
  clock.onJump(() => lanes.forEach((lane) => lane.look()))

  const limitsFor = (path: string): PathLimits => {
    const found = known.get(path) ?? limitsOf(limits, path)
    known.set(path, found)
    return found
  }
  const laneOf = (at: string, path: string): ReturnType<typeof createLane> => {
    const found = lanes.get(at)
    if (found) return found
    const lane = createLane({
      name: `${own}.${(made += 1)}`,
      at,
      limits: limitsFor(path),
      ledgers,
      onIdle: () => lanes.delete(at),
    })
    lanes.set(at, lane)
    return lane
  }

  return {
    status: async () => {
      const answer = await answerOf(() => redis.eval(readScript, 1, key), log, 'call limits')
      return answer === null ? null : statusOf(answer, limits, clock)
    },
    run: async ({ path, scope, urgency, patienceMs, timeoutMs }, work) => {
      const at = scope === undefined ? path : `${path}#${scope}`
      const began = performance.now()
      const lane = laneOf(at, path)
      await lane.enter(urgency, { patienceMs, timeoutMs })
      onWaited?.(path, performance.now() - began)
      try {
        return await work({
          block: () => ledgers.block(at, limitsFor(path)),
          narrow: () => ledgers.narrow(limitsFor(path)),
          pass: () => ledgers.pass(at),
        })
      } finally {
        lane.leave()
      }
    },
  }
}
