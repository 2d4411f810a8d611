import { setTimeout as sleep } from 'node:timers/promises'
import type { WecomEndpoint } from './endpoint.ts'
import type { WecomError } from './errors.ts'
import { TooLate } from './exchange.ts'
import type { z } from 'zod'

const TRIES = 3

/** A read that met a busy WeCom or a broken connection is tried three times in all; a time-out has cost enough already. */
export const worthRepeating = (
  { effect }: WecomEndpoint<z.ZodType, z.ZodType>,
  { kind, cause }: WecomError,
  made: number,
): boolean => {
  const timedOut = cause instanceof TooLate
  return effect === 'read' && made < TRIES && (kind === 'busy' || (kind === 'unreachable' && !timedOut))
}

/** 100 ms, then 300 ms, with jitter. */
export const pause = (made: number): Promise<void> => sleep(100 * (2 * made - 1) * (0.75 + Math.random() / 2))
