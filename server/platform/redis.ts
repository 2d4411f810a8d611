import { Redis } from 'ioredis'
import type { Log } from './log.ts'

export type { Redis }

/** Tried again soon; a try to connect to a host that was away must not outlast its return. */
const steady = { connectTimeout: 5000, retryStrategy: (times: number): number => Math.min(times * 100, 2000) }

/** One connection. Commands fail fast when Redis is away: MongoDB is the truth, a lost nudge is swept up later. */
export const connectRedis = (url: string, log: Log): Redis => {
  const redis = new Redis(url, {
    ...steady,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
  })
  redis.on('error', (error: unknown) => log.warn({ err: error }, 'redis connection'))
  return redis
}

/** A connection for a BullMQ worker: it blocks, and waits for Redis to come back for as long as it takes. */
export const connectWorkerRedis = (url: string, log: Log): Redis => {
  const redis = new Redis(url, { ...steady, maxRetriesPerRequest: null })
  redis.on('error', (error: unknown) => log.warn({ err: error }, 'redis worker connection'))
  return redis
}
