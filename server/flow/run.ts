import { UnrecoverableError, Worker, type Job } from 'bullmq'
import { retryOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Redis } from '../platform/redis.ts'
import { jobs, jobTable, type JobHandlers, type JobName, type Lane } from './jobs.ts'

/** Jobs at once. Those of the quick lanes mostly wait for exchanges they share with each other. */
const concurrency: Readonly<Record<Lane, number>> = { now: 64, soon: 32, send: 4, bulk: 4 }

const isJobName = (name: string): name is JobName => Object.hasOwn(jobs, name)

/** Runs one job: checks its payload, then calls its handler. A payload that is not the job's ends it at once. */
const call = async <N extends JobName>(handlers: JobHandlers, name: N, data: unknown): Promise<void> => {
  const parsed = jobTable[name].payload.safeParse(data)
  if (!parsed.success) throw new UnrecoverableError(`payload of ${name}: ${parsed.error.message}`)
  await handlers[name](parsed.data)
}

/** Milliseconds to wait before attempt `made + 1`: doubling from 200 ms to a minute, with jitter. */
export const backoffMs = (made: number): number => Math.min(60_000, 200 * 2 ** (made - 1)) * (0.75 + Math.random() / 2)

type Deps = {
  handlers: JobHandlers
  connect: () => Redis
  log: Log
  metrics: Metrics
  lanes: readonly Lane[]
}

type Workers = {
  /** How many jobs they have begun so far. */
  jobsRun(): number
  /** Finishes what is running, takes nothing new. */
  close(): Promise<void>
}

/** Starts a worker for each of these lanes. */
export const startWorkers = ({ handlers, connect, log, metrics, lanes }: Deps): Workers => {
  let jobsRun = 0
  const process = async (job: Job): Promise<void> => {
    jobsRun += 1
    if (!isJobName(job.name)) throw new UnrecoverableError(`no such job: ${job.name}`)
    const stop = metrics.jobSeconds.startTimer({ job: job.name })
    try {
      await call(handlers, job.name, job.data)
      metrics.jobs.inc({ job: job.name, outcome: 'done' })
    } catch (error) {
      metrics.jobs.inc({ job: job.name, outcome: 'failed' })
      log.warn({ err: error, job: job.name, attempt: job.attemptsMade + 1 }, 'job failed')
      throw retryOf(error) === 'never'
        ? new UnrecoverableError(error instanceof Error ? error.message : String(error))
        : error
    } finally {
      stop()
    }
  }
  const backoffStrategy = (made: number, _type: string | undefined, error: Error | undefined): number => {
    const retry = retryOf(error)
    return typeof retry === 'object' ? retry.afterMs : backoffMs(made)
  }
  const connections: Redis[] = []
  const workers = lanes.map((lane) => {
    const connection = connect()
    connections.push(connection)
    const worker = new Worker(lane, process, {
      connection,
      prefix: 'zhiyin',
      concurrency: concurrency[lane],
      settings: { backoffStrategy },
    })
    worker.on('error', (error) => log.warn({ err: error, lane }, 'worker'))
    return worker
  })
  return {
    jobsRun: () => jobsRun,
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()))
      await Promise.all(connections.map((connection) => connection.quit()))
    },
  }
}
