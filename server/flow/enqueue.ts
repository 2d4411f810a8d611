import { Queue } from 'bullmq'
import type { Log } from '../platform/log.ts'
import type { Redis } from '../platform/redis.ts'
import { jobs, lanes, type Enqueue, type Lane } from './jobs.ts'

export type Queues = Readonly<Record<Lane, Queue>>

/** One queue per lane. */
export const createQueues = (redis: Redis): Queues => {
  const queue = (lane: Lane): Queue =>
    new Queue(lane, { connection: redis, prefix: 'zhiyin', skipWaitingForReady: true })
  return { now: queue('now'), soon: queue('soon'), send: queue('send'), bulk: queue('bulk') }
}

export const createEnqueue =
  (queues: Queues, log: Log): Enqueue =>
  async (name, payload) => {
    const { lane, attempts } = jobs[name]
    try {
      await queues[lane].add(name, payload, {
        attempts,
        backoff: { type: 'custom' },
        removeOnComplete: true,
        removeOnFail: { count: 1000 },
      })
    } catch (error) {
      log.warn({ err: error, job: name }, 'not nudged; the sweep will')
    }
  }

export const closeQueues = async (queues: Queues): Promise<void> => {
  await Promise.all(lanes.map((lane) => queues[lane].close()))
}
