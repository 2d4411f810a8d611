import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { segments } from '@zhiyin/shared/api/segments'
import type { Condition } from '@zhiyin/shared/condition'
import { createLog } from '../server/platform/log.ts'
import { connectMongo } from '../server/platform/mongo.ts'
import { privateRedis } from '../sandbox/stack/redis.ts'
import { freePort } from '../sandbox/stack/process.ts'
import { startMongoProcess } from './lib/mongo-process.ts'
import { startProduct } from './lib/product.ts'
import { median, quantile } from './lib/report.ts'
import { segmentCustomers } from './lib/segment-customers.ts'
import { compareFilters, liveCounts, timed } from './lib/segment-filters.ts'
import { buyers, memberships } from './lib/segment-memberships.ts'
import type { Bench } from './main.ts'

const many = 100_000
const admin = { kind: 'key', name: 'bench', role: 'admin' } as const
const database = 'segments'

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
    filter_ratio_worst: { atMost: 1.2 },
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
      const madeMb = await server.residentMb()
      await server.flush()
      say(`${customers} customers made in ${(made.ms / 1000).toFixed(0)} s`)

      const compared = await compareFilters(mongo)
      const counted = await liveCounts((condition) => ask(segments.count, { body: { condition }, actor: admin }))
      say(`live counts: p99 ${quantile(counted, 0.99).toFixed(0)} ms`)

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
        made_per_s: customers / (made.ms / 1000),
        made_mongo_mb: madeMb,
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
        bench_mb: process.resourceUsage().maxRSS / 1024,
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
