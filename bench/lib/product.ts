import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint } from '@zhiyin/shared/api/endpoint'
import { ingest } from '@zhiyin/shared/api/ingest'
import type { z } from 'zod'
import { createDeps, type Deps } from '../../server/deps/index.ts'
import type { Lane } from '../../server/flow/jobs.ts'
import { startWorkers } from '../../server/flow/run.ts'
import { startSweeps } from '../../server/flow/sweep.ts'
import type { Actor } from '../../server/platform/actor.ts'
import { systemClock, type Clock } from '../../server/platform/clock.ts'
import { loadConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/log.ts'
import type { MongoProcess } from './mongo-process.ts'

type Asked = { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown; readonly actor: Actor }

export type Product = {
  readonly deps: Deps
  /** Asks an endpoint as the router would, without HTTP. */
  ask<O extends z.ZodType>(endpoint: Endpoint<z.ZodType, z.ZodType, z.ZodType, O>, asked: Asked): Promise<z.output<O>>
  /** Takes messages in, as a shop's server sends them: of customers whose id is told by their user id. */
  take(batch: readonly { readonly userId: string }[]): Promise<void>
  /** The same for one, and notes when it was done. */
  takeOne(message: { readonly userId: string }): Promise<void>
  /** Resolves once no fact waits to be worked through. */
  idle(): Promise<void>
  /** When each customer was last worked through, as `performance.now()` tells it. */
  readonly doneAt: Map<string, number>
  close(): Promise<void>
}

type Wanted = {
  readonly mongo: MongoProcess
  readonly database: string
  readonly redisUrl: string
  /** Default: the system’s. */
  readonly clock?: Clock
}
type Roles = { readonly lanes: readonly Lane[]; /** Stages whose sweeps run. */ readonly sweeps: readonly string[] }

/** The product's own rooms and workers in this process; the database and Redis in theirs. */
export const startProduct = async (
  { mongo, database, redisUrl, clock = systemClock }: Wanted,
  roles: Roles,
): Promise<Product> => {
  const log = createLog('error')
  const config = loadConfig({
    PUBLIC_URL: 'http://127.0.0.1:1',
    MONGODB_URL: mongo.url(database),
    REDIS_URL: redisUrl,
    WECOM_API_BASE: 'http://127.0.0.1:1',
    WECOM_CORP_ID: 'ww0000000000000001',
    WECOM_CONTACT_SECRET: 'bench-secret',
    WECOM_AGENT_ID: '1000002',
    WECOM_AGENT_SECRET: 'bench-secret',
    WECOM_CALLBACK_TOKEN: 'benchToken',
    WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    INGEST_WRITE_KEY: 'bench-write-key',
    ADMIN_API_KEY: 'bench-admin-key-0000',
    SESSION_SECRET: 'a session secret of 32 characters and more',
    PII_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    PII_INDEX_KEY: Buffer.alloc(32, 2).toString('base64'),
  })
  const deps = await createDeps({ config, log, clock })
  await deps.upToDate
  const doneAt = new Map<string, number>()
  const handlers: Deps['handlers'] = {
    ...deps.handlers,
    'facts.deliver': async (payload) => {
      await deps.handlers['facts.deliver'](payload)
      const now = performance.now()
      for (const id of payload.customerIds) doneAt.set(id, now)
    },
  }
  const { lanes, sweeps } = roles
  const workers = startWorkers({ handlers, connect: deps.connectWorker, log, metrics: deps.metrics, lanes })
  const wanted = deps.sweeps.filter((sweep) => 'stage' in sweep && sweeps.includes(sweep.stage))
  const sweeping = startSweeps({ sweeps: wanted, clock, log })
  // Counting what waits would cost the database more than the work.
  const facts = mongo.client.db(database).collection('facts')
  const ask: Product['ask'] = async (endpoint, { params = {}, query = {}, body = {}, actor }) => {
    const bound = deps.bounds.find((one) => one.endpoint === endpoint)
    if (bound === undefined) throw new Error(`nobody answers ${endpoint.path}`)
    const answer = await bound.answer({
      params,
      query,
      body,
      actor,
      file: () => Promise.reject(new Error('no file')),
      pieces: async function* () {},
      lang: 'zh',
      requestId: 'bench',
      cookies: { get: () => undefined, set: () => undefined },
    })
    return endpoint.output.parse(answer)
  }
  const take: Product['take'] = async (batch) => {
    await ask(ingest.batch, { body: { batch }, actor: { kind: 'ingest' } })
  }
  return {
    deps,
    doneAt,
    ask,
    take,
    takeOne: async (message) => {
      await take([message])
      // Folded by now; who waits for a job after all is done when that is, which comes later.
      doneAt.set(`customer_${message.userId}`, performance.now())
    },
    idle: async () => {
      // By the index: what is long done is not read.
      const waits = { nudgeAt: { $gte: new Date(0) } }
      while ((await facts.findOne(waits, { projection: { _id: 1 } })) !== null) await sleep(20)
    },
    close: async () => {
      await sweeping.close()
      await workers.close()
      await deps.close()
    },
  }
}
