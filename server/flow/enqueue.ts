import { Queue, type JobsOptions } from 'bullmq'
import type { Log } from '../platform/log.ts'
import type { Redis } from '../platform/redis.ts'
import { jobs, lanes, type Enqueue, type EnqueueMany, type JobName, type Lane } from './jobs.ts'

export type Queues = Readonly<Record<Lane, Queue>>

/** One queue per lane. */
export const createQueues = (redis: Redis): Queues => {
  const queue = (lane: Lane): Queue =>
    new Queue(lane, { connection: redis, prefix: 'zhiyin', skipWaitingForReady: true })
  return { now: queue('now'), soon: queue('soon'), send: queue('send'), bulk: queue('bulk') }
}

const optionsOf = (name: JobName): JobsOptions => ({
  attempts: jobs[name].attempts,
  backoff: { type: 'custom' },
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
})

export const createEnqueueMany =
  (queues: Queues, log: Log): EnqueueMany =>
  async (list) => {
    for (const lane of lanes) {
      const ofLane = list.filter(({ name }) => jobs[name].lane === lane)
      if (ofLane.length === 0) continue
      try {
        await queues[lane].addBulk(ofLane.map(({ name, payload }) => ({ name, data: payload, opts: optionsOf(name) })))
      } catch (error) {
        log.warn({ err: error, lane, jobs: ofLane.length }, 'not nudged; the sweep will')
      }
    }
  }

export const createEnqueue = (queues: Queues, log: Log): Enqueue => {
  const many = createEnqueueMany(queues, log)
  return (name, payload) => many([{ name, payload }])
}

export const closeQueues = async (queues: Queues): Promise<void> => {
  await Promise.all(lanes.map((lane) => queues[lane].close()))
}
