import { Aggregator } from 'mingo/aggregator'
import { Context } from 'mingo/core'
import * as accumulators from 'mingo/operators/accumulator'
import * as expressions from 'mingo/operators/expression'
import * as stages from 'mingo/operators/pipeline'
import * as queries from 'mingo/operators/query'
import type { Collection } from 'mongodb'
import type { Bench } from './main.ts'
import { startMongoProcess } from './lib/mongo-process.ts'
import { median } from './lib/report.ts'

const rounds = 3
const many = 100_000
const few = 1_000
const batch = 1_000
const inFlight = 16
const pointReads = 20_000
const pages = 300

type Customer = {
  _id: string
  externalId: string
  stage: string
  city: string
  dueAt: Date
  orders: number
  spend: number
  tags: string[]
  follows: { userId: string; since: Date }[]
  note: string
}

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const note = '老客户，喜欢红酒。'.repeat(29)

/** A customer of about 1 kB of BSON; the same number always gives the same customer. */
const customer = (n: number): Customer => ({
  _id: `c${String(n).padStart(7, '0')}`,
  externalId: `wm${(n * 7919) % 1_000_003}`,
  stage: ['new', 'active', 'silent', 'lost'][n % 4] ?? 'new',
  city: `city${n % 50}`,
  dueAt: new Date(start + (n % few) * day),
  orders: n % 17,
  spend: (n * 31) % 5_000,
  tags: [`t${n % 11}`, `t${n % 7}`, `t${n % 5}`],
  follows: [{ userId: `rep${n % 100}`, since: new Date(start - n * 1000) }],
  note,
})

const pipeline = [
  { $match: { stage: { $ne: 'lost' } } },
  {
    $group: {
      _id: '$city',
      customers: { $sum: 1 },
      spend: { $sum: '$spend' },
      average: { $avg: '$orders' },
      latest: { $max: '$dueAt' },
    },
  },
  { $sort: { spend: -1, _id: 1 } },
]

const indexes = [{ key: { externalId: 1 }, unique: true }, { key: { stage: 1, dueAt: 1 } }]

const context = Context.init({
  accumulator: { ...accumulators },
  expression: { ...expressions },
  pipeline: { ...stages },
  query: { ...queries },
})

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** Does `work` `count` times, `lanes` at a time. */
const sideBySide = async (count: number, lanes: number, work: (n: number) => Promise<unknown>): Promise<void> => {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Inserts in batches, two on their way: the client writes one down while the server stores the other. */
const fill = (collection: Collection<Customer>, docs: readonly Customer[]): Promise<void> =>
  sideBySide(docs.length / batch, 2, (n) => collection.insertMany(docs.slice(n * batch, (n + 1) * batch)))

const read = async (collection: Collection<Customer>, n: number): Promise<void> => {
  const { externalId, _id } = customer((n * 7907) % many)
  const found = await collection.findOne({ externalId })
  if (found?._id !== _id) throw new Error(`${externalId} was not found`)
}

/** One page of those due, by an index; as many in both collections. */
const due = async (collection: Collection<Customer>, n: number): Promise<void> => {
  const filter = { stage: 'active', dueAt: { $gte: new Date(start + (n % 500) * day) } }
  const page = await collection.find(filter).sort({ dueAt: 1 }).limit(20).toArray()
  if (page.length !== 20) throw new Error(`a page of ${page.length}`)
}

/**
 * The sandbox's database in a process of its own, asked by the official driver: indexed point reads, insertMany into a collection with two
 * indexes, an indexed query over 100,000 documents against 1,000, and an aggregate over all against the same by mingo on objects that lie in
 * memory already.
 */
export const bench: Bench = {
  targets: {
    reads_per_s: { atLeast: 5_000 },
    inserts_per_s: { atLeast: 20_000 },
    growth: { atMost: 1.5 },
    ratio: { atMost: 3 },
    rss_mb: { atMost: 500 },
  },
  run: async () => {
    const server = await startMongoProcess(inFlight)
    const db = server.client.db('bench')
    const collection = (name: string): Collection<Customer> => db.collection<Customer>(name)
    const made = Array.from({ length: many }, (_, n) => customer(n))
    const figures = { inserts: [0], reads: [0], growth: [0], ratio: [0], aggregate: [0], mingo: [0], rss: [0] }
    for (const list of Object.values(figures)) list.length = 0
    try {
      await collection('small').createIndexes(indexes)
      await fill(collection('small'), made.slice(0, few))
      for (let round = 0; round < rounds; round++) {
        await collection('large').drop()
        await collection('large').createIndexes(indexes)
        figures.inserts.push(many / (await seconds(() => fill(collection('large'), made))))
        await sideBySide(2_000, inFlight, (n) => read(collection('large'), n))
        const readTime = await seconds(() => sideBySide(pointReads, inFlight, (n) => read(collection('large'), n)))
        figures.reads.push(pointReads / readTime)
        const times: Record<'small' | 'large', number[]> = { small: [], large: [] }
        for (let n = 0; n < pages; n++) {
          for (const name of ['small', 'large'] as const)
            times[name].push(await seconds(() => due(collection(name), n)))
        }
        figures.growth.push(median(times.large) / median(times.small))
        const ours = await seconds(async () => {
          const groups = await collection('large').aggregate(pipeline).toArray()
          if (groups.length !== 50) throw new Error(`${groups.length} groups`)
        })
        const bare = await seconds(async () => new Aggregator(pipeline, { context }).run(made))
        figures.aggregate.push(ours)
        figures.mingo.push(bare)
        figures.ratio.push(ours / bare)
        figures.rss.push(await server.residentMb())
        console.log(
          `  round ${round + 1} of ${rounds}: ${figures.inserts.at(-1)?.toFixed(0)} inserts/s, ${figures.reads.at(-1)?.toFixed(0)} reads/s`,
        )
      }
      const { avgObjSize } = await db.command({ collStats: 'large' })
      return {
        reads_per_s: median(figures.reads),
        inserts_per_s: median(figures.inserts),
        growth: median(figures.growth),
        ratio: median(figures.ratio),
        rss_mb: Math.max(...figures.rss),
        aggregate_s: median(figures.aggregate),
        mingo_s: median(figures.mingo),
        document_bytes: Number(avgObjSize),
      }
    } finally {
      await server.close()
    }
  },
}
