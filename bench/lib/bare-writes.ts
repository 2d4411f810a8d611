import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import type { MongoClient } from 'mongodb'
import { createLog } from '../../server/platform/log.ts'
import { connectRedis, connectWorkerRedis } from '../../server/platform/redis.ts'

const chunk = 500

/** Adds so many jobs to bare BullMQ (in bulk), each of which writes one document, and waits until each has; jobs a second. */
export const bareWrites = async (redisUrl: string, client: MongoClient, count: number): Promise<number> => {
  const log = createLog('error')
  const [adding, working] = [connectRedis(redisUrl, log), connectWorkerRedis(redisUrl, log)]
  const queue = new Queue('bare-writes', { connection: adding })
  const written = client.db('bare').collection<{ _id: number; step: number }>('writes')
  let done = 0
  const worker = new Worker<{ id: number }>(
    'bare-writes',
    async ({ data }) => {
      await written.updateOne({ _id: data.id }, { $set: { step: 1 } }, { upsert: true })
      done++
    },
    { connection: working, concurrency: 16 },
  )
  await worker.waitUntilReady()
  const began = performance.now()
  for (let from = 0; from < count; from += chunk)
    await queue.addBulk(
      Array.from({ length: chunk }, (_each, i) => ({
        name: 'write',
        data: { id: from + i },
        opts: { removeOnComplete: true },
      })),
    )
  while (done < count) await sleep(1)
  const perSecond = count / ((performance.now() - began) / 1000)
  await worker.close()
  await queue.close()
  adding.disconnect()
  working.disconnect()
  return perSecond
}
