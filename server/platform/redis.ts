import { Redis } from 'ioredis'
import type { Log } from './log.ts'

export type { Redis }

/** One connection. Commands fail fast when Redis is away: MongoDB is the truth, a lost nudge is swept up later. */
export const connectRedis = (url: string, log: Log): Redis => {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    retryStrategy: (times) => Math.min(times * 100, 2000),
  })
  redis.on('error', (error: unknown) => log.warn({ err: error }, 'redis connection'))
  return redis
}

/** A connection for a BullMQ worker: it blocks, and waits for Redis to come back for as long as it takes. */
export const connectWorkerRedis = (url: string, log: Log): Redis => {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(times * 100, 2000) })
  redis.on('error', (error: unknown) => log.warn({ err: error }, 'redis worker connection'))
  return redis
}
