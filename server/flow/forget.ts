import type { Queue } from 'bullmq'
import { lanes } from './jobs.ts'
import type { Queues } from './enqueue.ts'

const states = ['failed', 'delayed', 'waiting', 'prioritized'] as const
const perPage = 500
/** Of a state so many are looked through: what waits behind them is worked off, and then it is deleted. */
const most = 5_000

/** The ids of jobs that name one of these words, in what they carry or in why they failed. */
const naming = async (queue: Queue, words: readonly string[]): Promise<string[]> => {
  const found: string[] = []
  for (const state of states)
    for (let from = 0; from < most; from += perPage) {
      const jobs = await queue.getJobs([state], from, from + perPage - 1)
      for (const { id, data, failedReason, stacktrace } of jobs) {
        const text = JSON.stringify([data, failedReason, stacktrace])
        if (id !== undefined && words.some((word) => text.includes(word))) found.push(id)
      }
      if (jobs.length < perPage) break
    }
  return found
}

/**
 * Takes jobs that name somebody out of the queues; answers how many. Any job may be lost: the sweep nudges again what it was for others.
 * One that runs at this moment finds nobody, and is deleted when it is done.
 */
export const createForgetJobs =
  (queues: Queues) =>
  async (words: readonly string[]): Promise<number> => {
    let removed = 0
    for (const lane of lanes) {
      const queue = queues[lane]
      for (const id of await naming(queue, words)) removed += await queue.remove(id)
      // Nobody listens to these, and why a job failed stands in them.
      await queue.trimEvents(0)
    }
    return removed
  }
