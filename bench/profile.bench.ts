import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ingest } from '@zhiyin/shared/api/ingest'
import { createDeps, type Deps } from '../server/deps.ts'
import { startWorkers } from '../server/flow/run.ts'
import { loadConfig } from '../server/platform/config.ts'
import { systemClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import { connectMongo } from '../server/platform/mongo.ts'
import { startSweeps } from '../server/flow/sweep.ts'
import { privateRedis } from '../sandbox/stack/redis.ts'
import { freePort } from '../sandbox/stack/process.ts'
import { bareBullmq } from './lib/bare-bullmq.ts'
import { eventsOf, type Message } from './lib/events.ts'
import { startMongoProcess, type MongoProcess } from './lib/mongo-process.ts'
import { settleCustomers } from './lib/settle-customers.ts'
import { median } from './lib/report.ts'
import type { Bench } from './main.ts'

const few = 1_000
const many = 100_000
const events = 6_000
const rounds = 3
/** Requests at once, an event each, for ours and for the raw inserts; and events of a raw insert of many, for comparison. */
const atOnce = 64
const perBatch = 100
const paced = 1_500

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_each, i) => list.slice(i * size, (i + 1) * size))

/** Works through batches, so many at once. */
const inFlight = async <T>(batches: readonly T[], work: (batch: T) => Promise<unknown>): Promise<void> => {
  const left = [...batches]
  const worker = async (): Promise<void> => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) await work(batch)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

type Product = {
  readonly deps: Deps
  take(batch: readonly Message[]): Promise<void>
  /** Resolves once nothing waits to be worked through. */
  idle(): Promise<void>
  /** When each customer was last worked through. */
  readonly doneAt: Map<string, number>
  close(): Promise<void>
}

/** The product's own rooms and workers in this process; the database and Redis in theirs. */
const startProduct = async ({ client, url }: MongoProcess, database: string, redisUrl: string): Promise<Product> => {
  const log = createLog('error')
  const config = loadConfig({
    PUBLIC_URL: 'http://127.0.0.1:1',
    MONGODB_URL: url(database),
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
  const deps = await createDeps({ config, log, clock: systemClock })
  const doneAt = new Map<string, number>()
  const handlers: Deps['handlers'] = {
    ...deps.handlers,
    'facts.deliver': async (payload) => {
      await deps.handlers['facts.deliver'](payload)
      const now = performance.now()
      for (const id of payload.customerIds) doneAt.set(id, now)
    },
  }
  const workers = startWorkers({ handlers, connect: deps.connectWorker, log, metrics: deps.metrics, lanes: ['soon'] })
  const stages = deps.sweeps.filter(
    (sweep) => 'stage' in sweep && (sweep.stage === 'events' || sweep.stage === 'profile'),
  )
  const sweeping = startSweeps({ sweeps: stages, clock: systemClock, log })
  const bound = deps.bounds.find(({ endpoint }) => endpoint === ingest.batch)
  if (bound === undefined) throw new Error('nobody answers /v1/batch')
  // Counting what waits would cost the database more than the work.
  const facts = client.db(database).collection('facts')
  return {
    deps,
    doneAt,
    take: async (batch) => {
      await bound.answer({
        params: {},
        query: {},
        body: { batch },
        actor: { kind: 'ingest' },
        file: () => Promise.reject(new Error('no file')),
        pieces: async function* () {},
        lang: 'zh',
        requestId: 'bench',
        cookies: { get: () => undefined, set: () => undefined },
      })
    },
    idle: async () => {
      while ((await facts.findOne({ nudgeAt: { $exists: true } }, { projection: { _id: 1 } })) !== null) await sleep(20)
    },
    close: async () => {
      await sweeping.close()
      await workers.close()
      await deps.close()
    },
  }
}

/** Events per second from their request to their customers' new stage, tier, tags and segments. */
const oursPerSecond = async (product: Product, customers: number, round: number): Promise<number> => {
  const batches = chunks(eventsOf({ customers, count: events, seed: round }), 1)
  const began = performance.now()
  await inFlight(batches, product.take)
  await product.idle()
  return events / ((performance.now() - began) / 1000)
}

/** The same events inserted as they are. */
const rawPerSecond = async (
  { client }: MongoProcess,
  customers: number,
  seed: number,
  size: number,
): Promise<number> => {
  const raw = client.db('raw').collection<{ _id: string }>('events')
  const docs = eventsOf({ customers, count: events, seed }).map((message) => ({
    _id: message.messageId,
    ...message,
    at: new Date(),
    seenAt: new Date(),
  }))
  const began = performance.now()
  await inFlight(chunks(docs, size), (batch) => raw.insertMany(batch, { ordered: false }))
  return events / ((performance.now() - began) / 1000)
}

/** Events at a steady rate: ms from the request to the end of the customer's work, each customer once. */
const latencies = async (product: Product, customers: number, perSecond: number): Promise<number[]> => {
  const messages = eventsOf({ customers, count: paced, seed: 77, once: true })
  product.doneAt.clear()
  const asked = new Map<string, number>()
  const began = performance.now()
  await Promise.all(
    messages.map(async (message, i) => {
      await sleep(Math.max(0, began + (i / perSecond) * 1000 - performance.now()))
      asked.set(`customer_${message.userId}`, performance.now())
      await product.take([message])
    }),
  )
  await product.idle()
  return [...asked].map(([id, at]) => (product.doneAt.get(id) ?? Infinity) - at).sort((a, b) => a - b)
}

/**
 * Events a second, arriving one by one, through identity, facts, fold, places and rules, against inserting the same events raw one by one
 * into the same database with as many on their way, and against bare BullMQ adding and processing as many empty jobs; the cost of an event among 100,000 customers against 1,000; and at half of
 * the peak how long until a customer's tier stands. `--customers N` for another many.
 */
export const bench: Bench = {
  targets: {
    ratio: { atLeast: 0.2 },
    vs_bullmq: { atLeast: 0.3 },
    scale_ratio: { atMost: 1.3 },
    p99_ms: { atMost: 1000 },
  },
  run: async (args) => {
    const at = args.indexOf('--customers')
    const most = at === -1 ? many : Number(args[at + 1])
    const folder = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const mongo = await startMongoProcess(16)
    const port = await freePort()
    const redis = privateRedis(folder, port)
    await redis.start()
    const redisUrl = `redis://127.0.0.1:${port}`
    const settled = async (customers: number, db: string): Promise<Product> => {
      const product = await startProduct(mongo, db, redisUrl)
      const own = await connectMongo(mongo.url(db), createLog('error'))
      await settleCustomers(own, customers, await product.deps.definitions.get())
      await own.close()
      return product
    }
    try {
      const small = await settled(few, 'few')
      await oursPerSecond(small, few, 0)
      const fewPerSecond: number[] = []
      for (let round = 1; round <= rounds; round += 1) fewPerSecond.push(await oursPerSecond(small, few, round))
      await small.close()

      console.log(`  settling ${most} customers`)
      const large = await settled(most, 'many')
      await oursPerSecond(large, most, 0)
      const [ours, raw, bare]: [number[], number[], number[]] = [[], [], []]
      const batched: number[] = []
      for (let round = 1; round <= rounds; round += 1) {
        ours.push(await oursPerSecond(large, most, round))
        raw.push(await rawPerSecond(mongo, most, 1000 + round, 1))
        batched.push(await rawPerSecond(mongo, most, 2000 + round, perBatch))
        bare.push(await bareBullmq(redisUrl, `bare${round}`, events))
      }
      const peak = median(ours)
      const waits = await latencies(large, most, peak / 2)
      await large.close()
      return {
        customers: most,
        events_per_s: peak,
        raw_per_s: median(raw),
        raw_batched_per_s: median(batched),
        bullmq_per_s: median(bare),
        ratio: peak / median(raw),
        vs_bullmq: peak / median(bare),
        events_per_s_1k: median(fewPerSecond),
        scale_ratio: median(fewPerSecond) / peak,
        p50_ms: waits[Math.floor(waits.length / 2)] ?? 0,
        p99_ms: waits[Math.floor(waits.length * 0.99)] ?? 0,
        mongo_mb: await mongo.residentMb(),
      }
    } finally {
      await redis.stop()
      await mongo.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
