import { fork } from 'node:child_process'
import { z } from 'zod'

/** What the load process is asked: which callbacks to make, against which port. */
export const LoadJob = z.object({
  port: z.int(),
  path: z.string(),
  token: z.string(),
  aesKey: z.string(),
  corpId: z.string(),
  count: z.int(),
  connections: z.int(),
  perSecond: z.number().optional(),
  /** Keeps the events of one job apart from those of another. */
  series: z.string(),
  /** Epoch seconds the envelope and the events carry. */
  now: z.int(),
})
export type LoadJob = z.infer<typeof LoadJob>

export const LoadAnswer = z.object({
  requests: z.number(),
  seconds: z.number(),
  perSecond: z.number(),
  failures: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
})

/** Runs the job in a process of its own, so that making load does not slow what is measured from within. */
export const runLoad = (job: LoadJob): Promise<z.infer<typeof LoadAnswer>> =>
  new Promise((resolve, reject) => {
    const child = fork('bench/dist/load-main.js')
    child.once('message', (message) => {
      resolve(LoadAnswer.parse(message))
      child.kill()
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code !== 0 && code !== null) reject(new Error(`the load process ended (${code})`))
    })
    child.send(job)
  })
