// A process that does nothing but call WeCom: told over IPC what to call and how often, it answers how that went. Started by callers.ts.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { followClock } from '../../server/platform/clock-follower.ts'
import { createMetrics } from '../../server/platform/metrics.ts'
import { connectRedis } from '../../server/platform/redis.ts'
import { createWecom } from '../../server/wecom/create.ts'
import { isWecomError } from '../../server/wecom/errors.ts'
import type { Order, Report } from './callers.ts'
import { quietLog } from './log.ts'

const Env = z.object({
  WECOM_API_BASE: z.string(),
  REDIS_URL: z.string(),
  WECOM_CORP_ID: z.string(),
  WECOM_CONTACT_SECRET: z.string(),
  WECOM_AGENT_ID: z.string(),
  WECOM_AGENT_SECRET: z.string(),
  SESSION_SECRET: z.string(),
})
const { REDIS_URL, ...config } = Env.parse(process.env)
const clock = await followClock(`${config.WECOM_API_BASE}/sandbox/api/clock`, quietLog)
const redis = connectRedis(REDIS_URL, quietLog)

const adapter = (over: Partial<typeof config> = {}) =>
  createWecom({
    config: { ...config, ...over, PUBLIC_URL: 'http://127.0.0.1:1', PAGE_HOSTS: [], WECOM_LOGIN: undefined },
    redis,
    clock,
    log: quietLog,
    metrics: createMetrics(),
  })
const right = adapter()
const wrong = adapter({ WECOM_CONTACT_SECRET: 'not the secret at all' })

const calls: Readonly<Record<Order['what'], () => Promise<unknown>>> = {
  list: () => right.read.followUserList(),
  user: () => right.read.departments(),
  wrongSecret: () => wrong.read.followUserList(),
}

const work = async ({ what, count, atOnce }: Order): Promise<Report> => {
  const report = { done: 0, refusals: 0, failed: new Array<string>() }
  let left = count
  /** What is blocked is not lost: it is called again when the limit is over, by the clock. */
  const one = async (): Promise<void> => {
    for (;;) {
      try {
        await calls[what]()
        report.done += 1
        return
      } catch (error) {
        if (!isWecomError(error) || error.kind !== 'blocked' || typeof error.retry === 'string') {
          report.failed.push(isWecomError(error) ? `${error.kind} ${error.errcode}` : String(error))
          return
        }
        report.refusals += 1
        const end = clock.now() + error.retry.afterMs
        while (clock.now() < end) await sleep(20)
      }
    }
  }
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left > 0) {
        left -= 1
        await one()
      }
    }),
  )
  return report
}

const Told = z.object({
  id: z.int(),
  order: z.object({ what: z.enum(['list', 'user', 'wrongSecret']), count: z.int(), atOnce: z.int() }),
})
process.on('message', (message) => {
  const { id, order } = Told.parse(message)
  void work(order).then((report) => process.send?.({ id, report }))
})
process.send?.({ ready: true })
