import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ingest } from '@zhiyin/shared/api/ingest'
import { segments } from '@zhiyin/shared/api/segments'
import type { Condition } from '@zhiyin/shared/condition'
import { toFilter } from '../server/conditions/filter.ts'
import { createLog } from '../server/platform/log.ts'
import { connectMongo, type Mongo } from '../server/platform/mongo.ts'
import { privateRedis } from '../sandbox/stack/redis.ts'
import { freePort } from '../sandbox/stack/process.ts'
import { startMongoProcess } from './lib/mongo-process.ts'
import { startProduct, type Product } from './lib/product.ts'
import { median } from './lib/report.ts'
import { segmentCustomers } from './lib/segment-customers.ts'
import { typicalSegments } from './lib/typical-segments.ts'
import type { Bench } from './main.ts'

const many = 100_000
const rounds = 3
const events = 600
const perSecond = 30
const admin = { kind: 'key', name: 'bench', role: 'admin' } as const
const database = 'segments'

const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}

const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> => {
  const began = performance.now()
  const value = await work()
  return { ms: performance.now() - began, value }
}

/** Each segment's compiled filter against the one written by hand, turn about; how much slower, and what took longest to count. */
const filters = async (mongo: Mongo): Promise<{ name: string; ratio: number; ms: number }[]> => {
  const customers = mongo.connection.collection('customers')
  const now = new Date()
  const found: { name: string; ratio: number; ms: number }[] = []
  for (const { name, condition, byHand } of typicalSegments) {
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let round = 0; round <= rounds; round++) {
      const compiled = await timed(() => customers.countDocuments(toFilter(condition, now)))
      const hand = await timed(() => customers.countDocuments(byHand(now)))
      if (compiled.value !== hand.value) throw new Error(`${name}: ${compiled.value} against ${hand.value} by hand`)
      // The first round only warms both up.
      if (round === 0) continue
      ours.push(compiled.ms)
      theirs.push(hand.ms)
    }
    const [ratio, ms] = [median(ours) / median(theirs), median(ours)]
    console.log(`  ${ms.toFixed(0).padStart(6)} ms  ${ratio.toFixed(2)}×  ${name}`)
    found.push({ name, ratio, ms })
  }
  return found
}

/** The count as the builder asks for it: the number and the first twenty with why. */
const counts = async (product: Product): Promise<number[]> => {
  const times: number[] = []
  for (let round = 0; round < rounds; round++)
    for (const { condition } of typicalSegments)
      times.push((await timed(() => product.ask(segments.count, { body: { condition }, actor: admin }))).ms)
  return times
}

/** Whoever has bought within two months. */
const buyers: Condition = {
  type: 'event',
  of: { event: 'order.completed' },
  op: 'gte',
  count: 1,
  withinDays: 60,
}

const order = (userId: string, n: number) => ({
  type: 'track' as const,
  event: 'Order Completed',
  userId,
  messageId: `bench-segments-${n}`,
  properties: { order_id: `bench-${n}`, total: 120, currency: 'CNY', products: [] },
})

/** Orders of customers who were not in the segment, at a steady rate: ms until each of them is in. */
const memberships = async (product: Product, mongo: Mongo, live: string, from: string): Promise<number[]> => {
  const customers = mongo.connection.collection<{ _id: string; segments: { id: string }[] }>('customers')
  const outside = await customers
    .find({ _id: { $gt: from }, 'segments.id': { $ne: live } }, { projection: { _id: 1 } })
    .sort({ _id: 1 })
    .limit(events)
    .toArray()
  product.doneAt.clear()
  const asked = new Map<string, number>()
  const began = performance.now()
  await Promise.all(
    outside.map(async ({ _id }, i) => {
      await sleep(Math.max(0, began + (i / perSecond) * 1000 - performance.now()))
      asked.set(_id, performance.now())
      const batch = [order(_id.slice('customer_'.length), performance.timeOrigin + performance.now() + i)]
      await product.ask(ingest.batch, { body: { batch }, actor: { kind: 'ingest' } })
    }),
  )
  const until = performance.now() + 60_000
  while ([...asked.keys()].some((id) => !product.doneAt.has(id)) && performance.now() < until) await sleep(20)
  const inside = await customers.countDocuments({ _id: { $in: [...asked.keys()] }, 'segments.id': live })
  if (inside !== asked.size) throw new Error(`${asked.size - inside} of ${asked.size} have not come in`)
  return [...asked].map(([id, at]) => (product.doneAt.get(id) ?? Infinity) - at)
}

/** Waits until something is so; answers the seconds it took. */
const until = async (done: () => Promise<boolean>): Promise<number> => {
  const began = performance.now()
  while (!(await done())) await sleep(100)
  return (performance.now() - began) / 1000
}

/**
 * 30 typical segments over 100,000 customers: their compiled filters against filters written by hand, the count that the builder shows
 * while somebody writes, the time from an order to the membership that follows from it, and that time while everybody is being worked out
 * for a new segment and while a list of everybody is being filled. `--customers N` for another many.
 */
export const bench: Bench = {
  targets: {
    filter_ratio: { atMost: 1.2 },
    count_p99_ms: { atMost: 1000 },
    membership_p99_ms: { atMost: 1000 },
    building_ratio: { atMost: 2 },
    filling_ratio: { atMost: 2 },
  },
  run: async (args) => {
    const at = args.indexOf('--customers')
    const customers = at === -1 ? many : Number(args[at + 1])
    const folder = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const server = await startMongoProcess(16)
    const port = await freePort()
    const redis = privateRedis(folder, port)
    await redis.start()
    const wanted = { mongo: server, database, redisUrl: `redis://127.0.0.1:${port}` }
    const product = await startProduct(wanted, {
      lanes: ['soon', 'bulk'],
      sweeps: ['events', 'profile', 'profile.recompute', 'segments', 'segments.built'],
    })
    const mongo = await connectMongo(server.url(database), createLog('error'))
    const say = (text: string): void => console.log(`  ${text}`)
    try {
      const { ask } = product
      const create = (name: string, condition: Condition) =>
        ask(segments.create, { body: { kind: 'rule', name, note: '', condition }, actor: admin })
      const built = (id: string) => async () =>
        !(await ask(segments.get, { params: { id }, actor: admin })).segment.building
      const live = await create('近期下单', buyers)
      await until(built(live.id))
      const definitions = await product.deps.definitions.fresh()
      const made = await timed(() => segmentCustomers(mongo, customers, definitions, new Date()))
      say(`${customers} customers made in ${(made.ms / 1000).toFixed(0)} s`)

      const compared = await filters(mongo)
      const counted = await counts(product)

      const quiet = await memberships(product, mongo, live.id, 'customer_u0')
      say(`memberships: p99 ${quantile(quiet, 0.99).toFixed(0)} ms`)
      const another = await create('A 层', { type: 'tier', in: ['A'] })
      await until(async () => (await ask(segments.list, { actor: admin })).freshness.building !== null)
      await sleep(3_000)
      const began = performance.now()
      const whileBuilding = await memberships(product, mongo, live.id, 'customer_u3')
      const stillBuilding = !(await built(another.id)())
      await until(built(another.id))
      const buildingSeconds = (performance.now() - began) / 1000 + 3
      say(`while everybody is worked out: p99 ${quantile(whileBuilding, 0.99).toFixed(0)} ms`)

      const list = await ask(segments.create, { body: { kind: 'list', name: '全体', note: '' }, actor: admin })
      await ask(segments.fill, { params: { id: list.id }, body: { condition: { type: 'all', of: [] } }, actor: admin })
      await sleep(4_000)
      const fillBegan = performance.now()
      const whileFilling = await memberships(product, mongo, live.id, 'customer_u6')
      const { segment } = await ask(segments.get, { params: { id: list.id }, actor: admin })
      const filled = segment.filling?.done ?? segment.members
      say(`while a list is filled: p99 ${quantile(whileFilling, 0.99).toFixed(0)} ms`)
      const p99 = quantile(quiet, 0.99)
      return {
        customers,
        filter_ratio: median(compared.map(({ ratio }) => ratio)),
        filter_ratio_worst: Math.max(...compared.map(({ ratio }) => ratio)),
        count_p50_ms: quantile(counted, 0.5),
        count_p99_ms: quantile(counted, 0.99),
        membership_p50_ms: quantile(quiet, 0.5),
        membership_p99_ms: p99,
        building_p99_ms: quantile(whileBuilding, 0.99),
        building_ratio: quantile(whileBuilding, 0.99) / p99,
        built_throughout: String(stillBuilding),
        built_per_s: customers / buildingSeconds,
        filling_p99_ms: quantile(whileFilling, 0.99),
        filling_ratio: quantile(whileFilling, 0.99) / p99,
        filled_throughout: String(segment.filling !== null),
        filled_per_s: filled / ((performance.now() - fillBegan) / 1000),
        mongo_mb: await server.residentMb(),
      }
    } finally {
      await mongo.close()
      await product.close()
      await redis.stop()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
