import { UnrecoverableError, Worker } from 'bullmq'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeQueues, createEnqueueMany, createQueues, type Queues } from '../../../server/flow/enqueue.ts'
import { createForgetJobs } from '../../../server/flow/forget.ts'
import { connectWorkerRedis } from '../../../server/platform/redis.ts'
import { quietLog } from '../../support/log.ts'
import { useRedis } from '../../support/redis.ts'

const redis = useRedis()
let queues: Queues
beforeAll(() => {
  queues = createQueues(redis.get())
})
afterAll(() => closeQueues(queues))

/** Everything Redis keeps of the queues, as text. */
const kept = async (): Promise<string> => {
  const client = redis.get()
  const texts = []
  for (const key of await client.keys('zhiyin:*')) {
    const type = await client.type(key)
    if (type === 'hash') texts.push(await client.hgetall(key))
    if (type === 'list') texts.push(await client.lrange(key, 0, -1))
    if (type === 'zset') texts.push(await client.zrange(key, '0', '-1'))
    if (type === 'stream') texts.push(await client.xrange(key, '-', '+'))
  }
  return JSON.stringify(texts)
}

it('jobs that name somebody erased go, waiting, delayed or failed, also where only their failure does; the others stay', async () => {
  const enqueue = createEnqueueMany(queues, quietLog)
  const due = (customerIds: string[]) => ({ name: 'profile.due' as const, payload: { customerIds } })
  await enqueue([due(['cus_gone']), due(['cus_stays'])])
  await enqueue([{ name: 'rules.advance', payload: { runIds: ['run_1'] } }])
  await enqueue([{ name: 'segments.fill', payload: { segmentId: 'seg_1', after: 'cus_gone' } }])
  const connection = connectWorkerRedis(redis.url(), quietLog)
  const worker = new Worker(
    'soon',
    async ({ name }) => {
      throw new UnrecoverableError(name === 'rules.advance' ? '欧阳晓雯 has no rep' : 'away')
    },
    { connection, prefix: 'zhiyin' },
  )
  await expect.poll(() => queues.soon.getFailedCount(), { timeout: 5_000 }).toBe(3)
  await worker.close()
  await connection.quit()
  await enqueue([due(['cus_gone', 'cus_other']), due(['cus_other'])])
  await queues.soon.add('facts.deliver', { customerIds: ['cus_gone'] }, { delay: 60_000 })

  const forget = createForgetJobs(queues)
  expect(await forget(['cus_gone', '欧阳晓雯'])).toBe(5)
  const text = await kept()
  for (const word of ['cus_gone', '欧阳晓雯']) expect(text).not.toContain(word)
  for (const word of ['cus_stays', 'cus_other']) expect(text).toContain(word)
  expect(await forget(['cus_gone', '欧阳晓雯'])).toBe(0)
})
