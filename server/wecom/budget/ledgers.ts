import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { answerOf, type SharedStore } from '../store.ts'
import type { Answer, Ask } from './ledger.ts'
import type { PathLimits } from './limits.ts'
import { createOwnLedger } from './own.ts'
import { createSharedLedger } from './shared.ts'

/** Redis is not asked again for this long after it did not answer; real time. */
const AWAY_MS = 2000

export type Ledgers = {
  take(ask: Ask): Promise<Answer>
  /** How long `at` has to be left alone, as far as this process knows. */
  blockedMs(at: string): number
  /** At once for this process, then for all; answers for how long. */
  block(at: string, limits: PathLimits): Promise<number>
  /** Cheap where no block is known. */
  pass(at: string): Promise<void>
  narrow(limits: PathLimits): Promise<void>
}

/** The ledger of all processes, and this process's own share of it while Redis is away. */
export const createLedgers = (redis: SharedStore, key: string, clock: Clock, log: Log): Ledgers => {
  const shared = createSharedLedger(redis, key, clock)
  const own = createOwnLedger(clock)
  let awayUntil = 0

  const tryShared = async <T>(command: () => Promise<T>): Promise<T | null> => {
    if (performance.now() < awayUntil) return null
    const answer = await answerOf(command, log, 'call limits')
    if (answer === null) awayUntil = performance.now() + AWAY_MS
    return answer
  }

  return {
    blockedMs: own.blockedMs,
    take: async (ask) => {
      const left = own.blockedMs(ask.at)
      if (left > 0 && ask.calls > 0) return { state: 'blocked', afterMs: left }
      const answer = (await tryShared(() => shared.take(ask))) ?? (await own.take(ask))
      if (answer.state === 'blocked') own.note(ask.at, answer.afterMs)
      if (answer.state === 'granted' && answer.probe && !own.knows(ask.at)) own.note(ask.at, 0)
      return answer
    },
    block: async (at, limits) => {
      const mine = own.halt(at)
      const ms = await tryShared(() => shared.block(at, limits))
      if (ms !== null) own.note(at, ms)
      return ms ?? mine
    },
    pass: async (at) => {
      if (!own.knows(at) || own.blockedMs(at) > 0) return
      await own.pass(at)
      await tryShared(() => shared.pass(at))
    },
    narrow: async (limits) => {
      await own.narrow(limits)
      await tryShared(() => shared.narrow(limits))
    },
  }
}
