import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { createLog } from '../../server/platform/log.ts'
import { connectRedis, connectWorkerRedis } from '../../server/platform/redis.ts'

const chunk = 500

/** Adds so many jobs to bare BullMQ, empty unless they are given work, and waits until each has been processed; jobs a second. */
export const bareBullmq = async (
  redisUrl: string,
  name: string,
  count: number,
  work: (id: number) => Promise<unknown> = async () => undefined,
): Promise<number> => {
  const log = createLog('error')
  const [adding, working] = [connectRedis(redisUrl, log), connectWorkerRedis(redisUrl, log)]
  const queue = new Queue(name, { connection: adding })
  let done = 0
  const worker = new Worker<{ id: number }>(name, async ({ data }) => (await work(data.id), (done += 1)), {
    connection: working,
    concurrency: 16,
  })
  await worker.waitUntilReady()
  const began = performance.now()
  for (let from = 0; from < count; from += chunk)
    await queue.addBulk(
      Array.from({ length: chunk }, (_each, i) => ({
        name: 'job',
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
