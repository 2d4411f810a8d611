import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../platform/log.ts'

/** The part of Redis that processes share tokens and limits through. */
export type SharedStore = {
  get(key: string): Promise<string | null>
  set(key: string, value: string, px: 'PX', ms: number): Promise<unknown>
  set(key: string, value: string, px: 'PX', ms: number, nx: 'NX'): Promise<string | null>
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>
}

const REDIS_MS = 1000

/** A Redis command; null when Redis is away or does not answer, since it is only a cache. */
export const answerOf = async <T>(command: () => Promise<T>, log: Log, what: string): Promise<T | null> => {
  const late = new AbortController()
  try {
    const silence = sleep(REDIS_MS, null, { ref: false, signal: late.signal })
    return await Promise.race([command(), silence])
  } catch (error) {
    log.warn({ err: error, what }, 'redis is away; going on without it')
    return null
  } finally {
    late.abort()
  }
}
