import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '../server/platform/log.ts'
import { connectMongo } from '../server/platform/mongo.ts'
import { privateRedis } from '../sandbox/stack/redis.ts'
import { freePort } from '../sandbox/stack/process.ts'
import { bareBullmq } from './lib/bare-bullmq.ts'
import { eventsOf, type Message } from './lib/events.ts'
import { startMongoProcess, type MongoProcess } from './lib/mongo-process.ts'
import { startProduct, type Product } from './lib/product.ts'
import { settleCustomers } from './lib/settle-customers.ts'
import { median } from './lib/report.ts'
import type { Bench } from './main.ts'

const few = 1_000
const many = 100_000
const events = 6_000
const rounds = 3
const apartRounds = 7
/** Requests at once that bring an event each, for ours and for the raw inserts: enough that neither stands still for want of them. */
const atOnce = 256
/** Events in a request of those that bring many, as an SDK sends them, and such requests at once. */
const perBatch = 100
const batchesAtOnce = 64
/** As many messages, and as many empty jobs, that neither is told by how it begins and ends. */
const inBatches = 48_000
const paced = 1_500

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_each, i) => list.slice(i * size, (i + 1) * size))

/** Works through batches, so many at once. */
const inFlight = async <T>(
  batches: readonly T[],
  lanes: number,
  work: (batch: T) => Promise<unknown>,
): Promise<void> => {
  const left = [...batches]
  const worker = async (): Promise<void> => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) await work(batch)
  }
  await Promise.all(Array.from({ length: lanes }, worker))
}

const lanesFor = (size: number): number => (size === 1 ? atOnce : batchesAtOnce)

/** Messages per second, so many a request, from their request to their customers' new stage, tier, tags and segments. */
const perSecond = async (product: Product, messages: readonly Message[], size: number): Promise<number> => {
  const began = performance.now()
  await inFlight(chunks(messages, size), lanesFor(size), (batch) => product.take(batch))
  await product.idle()
  return messages.length / ((performance.now() - began) / 1000)
}

const oursPerSecond = (product: Product, customers: number, seed: number, size: number): Promise<number> =>
  perSecond(product, eventsOf({ customers, count: size === 1 ? events : inBatches, seed }), size)

/** One event each of as many customers as there are few, a round: what meets in one customer is worked in together and costs less. */
const apartPerSecond = async (product: Product, customers: number): Promise<number> => {
  const found: number[] = []
  for (let round = 1; round <= apartRounds; round += 1)
    found.push(await perSecond(product, eventsOf({ customers, count: few, seed: 5000 + round, once: true }), 1))
  return median(found)
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
  await inFlight(chunks(docs, size), lanesFor(size), (batch) => raw.insertMany(batch, { ordered: false }))
  return events / ((performance.now() - began) / 1000)
}

/** Events at a steady rate: ms from the request to the end of the customer's work, each customer once. */
const latencies = async (product: Product, customers: number, rate: number): Promise<number[]> => {
  const messages = eventsOf({ customers, count: paced, seed: 77, once: true })
  product.doneAt.clear()
  const asked = new Map<string, number>()
  const began = performance.now()
  await Promise.all(
    messages.map(async (message, i) => {
      await sleep(Math.max(0, began + (i / rate) * 1000 - performance.now()))
      asked.set(`customer_${message.userId}`, performance.now())
      await product.takeOne(message)
    }),
  )
  await product.idle()
  return [...asked].map(([id, at]) => (product.doneAt.get(id) ?? Infinity) - at).sort((a, b) => a - b)
}

/**
 * Events a second through identity, facts, fold, places and rules: arriving one by one against inserting the same events raw one by one
 * into the same database with as many on their way; arriving a hundred a request, as SDKs send them, against bare BullMQ adding in bulk
 * and processing as many empty jobs. The cost of an event among 100,000 customers against 1,000; and at half of the peak of those that
 * come one by one how long until a customer's tier stands. `--customers N` for another many: a million take 11 GB, and a slow disk is what is
 * measured then, unless `TMPDIR=/dev/shm` keeps them in memory.
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
      const product = await startProduct(
        { mongo, database: db, redisUrl },
        { lanes: ['soon'], sweeps: ['events', 'profile'] },
      )
      const own = await connectMongo(mongo.url(db), createLog('error'))
      await settleCustomers(own, customers, await product.deps.definitions.get())
      await own.close()
      await mongo.flush()
      return product
    }
    try {
      const small = await settled(few, 'few')
      await oursPerSecond(small, few, 0, 1)
      const amongFew = await apartPerSecond(small, few)
      await small.close()

      console.log(`  settling ${most} customers`)
      const large = await settled(most, 'many')
      await oursPerSecond(large, most, 0, 1)
      const amongMany = await apartPerSecond(large, most)
      const [ours, raw, bare]: [number[], number[], number[]] = [[], [], []]
      const [together, rawTogether]: [number[], number[]] = [[], []]
      for (let round = 1; round <= rounds; round += 1) {
        ours.push(await oursPerSecond(large, most, round, 1))
        raw.push(await rawPerSecond(mongo, most, 1000 + round, 1))
        together.push(await oursPerSecond(large, most, 3000 + round, perBatch))
        rawTogether.push(await rawPerSecond(mongo, most, 2000 + round, perBatch))
        bare.push(await bareBullmq(redisUrl, `bare${round}`, inBatches))
      }
      const peak = median(ours)
      const waits = await latencies(large, most, peak / 2)
      await large.close()
      return {
        customers: most,
        events_per_s: peak,
        raw_per_s: median(raw),
        batched_per_s: median(together),
        raw_batched_per_s: median(rawTogether),
        bullmq_per_s: median(bare),
        ratio: peak / median(raw),
        vs_bullmq: median(together) / median(bare),
        apart_per_s: amongMany,
        apart_per_s_1k: amongFew,
        scale_ratio: amongFew / amongMany,
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
