import { setTimeout as sleep } from 'node:timers/promises'
import type { WecomEndpoint } from './endpoint.ts'
import type { WecomError } from './errors.ts'
import { TooLate } from './exchange.ts'
import type { z } from 'zod'

const TRIES = 3
/** System busy, two writers at once, too many calls at once: over in a moment. The other busy codes take minutes. */
const BRIEF: ReadonlySet<number> = new Set([-1, 6000, 45033])

/**
 * A read, or a write that twice is as once, is tried three times in all when WeCom was busy for a moment or the connection broke; a
 * time-out has cost enough already. Nothing is tried again after `until` (by performance.now()).
 */
export const worthRepeating = (
  { effect }: WecomEndpoint<z.ZodType, z.ZodType>,
  { kind, errcode, cause }: WecomError,
  { made, until }: { made: number; until: number },
): boolean => {
  const passes = (kind === 'busy' && BRIEF.has(errcode)) || (kind === 'unreachable' && !(cause instanceof TooLate))
  return effect !== 'once' && made < TRIES && passes && performance.now() + pauseMs(made) < until
}

/** 100 ms, then 300 ms. */
const pauseMs = (made: number): number => 100 * (2 * made - 1)

/** With jitter, so that those who failed together do not come back together. */
export const pause = (made: number): Promise<void> => sleep(pauseMs(made) * (0.75 + Math.random() / 2))
