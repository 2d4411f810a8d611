import { createServer } from 'node:http'
import Koa from 'koa'
import { callbackRoutes } from '../../server/callback/routes.ts'
import type { Clock } from '../../server/platform/clock.ts'
import { createMetrics } from '../../server/platform/metrics.ts'
import type { Mongo } from '../../server/platform/mongo.ts'
import type { Redis } from '../../server/platform/redis.ts'
import { allLooks, createChecks, type ChecksDeps } from '../../server/setup/checks.ts'
import { mongoFacts, redisFacts } from '../../server/setup/stores.ts'
import { createVerifyFiles, verifyFileRoutes } from '../../server/setup/verify-files.ts'
import type { Wecom } from '../../server/wecom/types.ts'
import { quietLog } from './log.ts'

/** The stand-in's own keys. */
export const keys = {
  WECOM_CORP_ID: 'ww0000000000000001',
  WECOM_CALLBACK_TOKEN: 'sandboxToken',
  WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

/** What is at the public address: the receive URL and the domain file. */
export const servePublic = async (mongo: Mongo, clock: Clock) => {
  const app = new Koa()
  app.silent = true
  const files = createVerifyFiles({ mongo, clock, setting: undefined })
  const receiving = callbackRoutes({
    config: keys,
    clock,
    append: () => Promise.resolve(),
    metrics: createMetrics(),
    log: quietLog,
  })
  app.use(receiving.routes()).use(verifyFileRoutes(files).routes())
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return { url, files, close: () => new Promise((resolve) => server.close(resolve)) }
}

type World = { mongo: Mongo; redis: Redis; clock: Clock; apiBase: string; wecom: Wecom; publicUrl: string }

/** Every check as a running server makes it, with some of its ground changed. */
export const checksOf = (
  { mongo, redis, clock, apiBase, wecom, publicUrl }: World,
  changed: Partial<ChecksDeps> = {},
  timeoutMs?: number,
) =>
  createChecks({
    clock,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    looks: () =>
      allLooks({
        apiBase,
        publicUrl,
        clock,
        problems: [],
        corpId: keys.WECOM_CORP_ID,
        token: keys.WECOM_CALLBACK_TOKEN,
        aesKey: keys.WECOM_CALLBACK_AES_KEY,
        mongo: () => mongoFacts(mongo),
        redis: () => redisFacts(redis),
        probe: wecom.probe,
        read: wecom.read,
        tickets: wecom.tickets,
        verifyFile: () => Promise.resolve(null),
        lastCallback: () => Promise.resolve(clock.date()),
        ...changed,
      }),
  })
