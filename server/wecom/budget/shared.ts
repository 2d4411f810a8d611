import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { SharedStore } from '../store.ts'
import type { Answer, Ask, Ledger } from './ledger.ts'
import { manners } from './limits.ts'
import { blockScript, narrowScript, passScript, takeScript } from './scripts.ts'

const Taken = z.tuple([z.int(), z.int(), z.int(), z.int(), z.int(), z.int()])

const answerOf = ([state, calls, slots, afterMs, parallel, probe]: z.output<typeof Taken>): Answer => {
  if (state === 0) return { state: 'granted', calls, slots, parallel, probe: probe === 1 }
  if (state === 1) return { state: 'blocked', afterMs }
  return { state: 'wait', why: state === 2 ? 'rate' : 'place', afterMs }
}

/** The ledger of all processes of one corp, in Redis under `key`. Rejects when Redis is away. */
export const createSharedLedger = (redis: SharedStore, key: string, clock: Clock): Ledger => {
  const run = async (script: string, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 1, key, String(Math.floor(clock.now())), ...args.map(String))

  return {
    take: async ({ lane, at, limits, urgency, calls, back, slots, running, probeMs }: Ask) => {
      const { leaves, keeps } = manners[urgency]
      const { group, path, parallel, buckets } = limits
      const rest = [calls, back, slots, running, probeMs, leaves, parallel, keeps]
      const counted = buckets.flatMap(({ field, burst, stepMs }) => [field, burst, stepMs])
      return answerOf(Taken.parse(await run(takeScript, lane, at, group, path, ...rest, ...counted)))
    },
    block: async (at, { buckets }) => {
      const counted = buckets.flatMap(({ field, burst, stepMs, windowMs }) => [field, burst, stepMs, windowMs])
      return z.int().parse(await run(blockScript, at, ...counted))
    },
    pass: async (at) => void (await run(passScript, at)),
    narrow: async ({ group, parallel }) => void (await run(narrowScript, group, parallel)),
  }
}
