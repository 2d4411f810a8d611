import { Worker, type MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { startWorkers } from './flow/run.ts'
import type { Log } from './platform/log.ts'
import type { Figures } from './platform/metrics.ts'
import type { Deps } from './deps/index.ts'

const Ask = z.enum(['drain', 'figures'])
const Answer = z.union([
  z.literal('started'),
  z.object({ figures: z.custom<Figures>((value) => Array.isArray(value)) }),
])

export type NowLane = {
  /** What it has counted: jobs, calls, sends. Gauges tell of the whole company, which the process does already. */
  figures(): Promise<Figures>
  /** Finishes what is running, takes nothing new. */
  drain(): Promise<void>
}

/**
 * Runs the lane that promises seconds in a thread of its own, so that bulk work of this process never stands before a welcome.
 * `entry` is the program itself, which finds itself in the thread and calls `serveNowLane`. A lane that ends by itself calls `died`.
 */
export const startNowLane = async (entry: URL, log: Log, died: () => void): Promise<NowLane> => {
  const worker = new Worker(entry, { argv: process.argv.slice(2) })
  let leaving = false
  let started = false
  const waiting: ((figures: Figures) => void)[] = []
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    worker.on('error', (error) => log.error({ err: error }, 'the lane of welcomes'))
    worker.once('exit', (code) => {
      if (!started) reject(new Error(`the lane of welcomes did not start (${code})`))
      else if (!leaving) died()
    })
    worker.on('message', (message: unknown) => {
      const answer = Answer.parse(message)
      if (answer !== 'started') return waiting.shift()?.(answer.figures)
      started = true
      resolve()
    })
  })
  return {
    figures: async () => {
      const answered = new Promise<Figures>((resolve) => waiting.push(resolve))
      worker.postMessage('figures', [])
      return (await answered).filter(({ name, type }) => name.startsWith('zhiyin_') && String(type) !== 'gauge')
    },
    drain: async () => {
      leaving = true
      worker.postMessage('drain', [])
      await exited
    },
  }
}

/** The thread's side: works until it is told to drain. */
export const serveNowLane = (deps: Deps, port: MessagePort, close: () => Promise<void>): void => {
  const { handlers, connectWorker, log, metrics } = deps
  const workers = startWorkers({ handlers, connect: connectWorker, log, metrics, lanes: ['now'] })
  const leave = async (): Promise<void> => {
    await workers.close()
    await close()
    port.close()
    process.exit(0)
  }
  port.on('message', (message: unknown) => {
    if (Ask.parse(message) === 'drain') void leave()
    else void metrics.registry.getMetricsAsJSON().then((figures) => port.postMessage({ figures }))
  })
  port.postMessage('started')
}
