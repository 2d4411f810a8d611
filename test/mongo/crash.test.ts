import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { MongoClient, type Collection } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 10)
const MAIN = join(import.meta.dirname, '../../sandbox/mongo/main.ts')
const BUNDLE = join(import.meta.dirname, '../../node_modules/.cache/zhiyin-mongo-crash.mjs')

interface Item {
  _id: number
  key: string
  tags: string[]
  n: number
}

let folder: string
let child: ChildProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiyin-crash-'))
  await build({
    entryPoints: [MAIN],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // As `npm run build` makes it: a start that reads no packages is what makes so many deaths cheap.
    external: ['lmdb'],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  })
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Both ways of writing to the disk bear it that the process is killed, and one folder bears both. */
async function start(round: number): Promise<string> {
  const fsync = round % 4 < 2 ? 'always' : 'no'
  const args = [BUNDLE, '--port', '0', '--data', folder, '--fsync', fsync]
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  if (child.stdout === null) throw new Error('no output')
  for await (const line of createInterface(child.stdout)) {
    const { uri }: { uri: string } = JSON.parse(line)
    return uri
  }
  throw new Error('the server did not start')
}

async function kill(): Promise<void> {
  if (child === undefined) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** What was acknowledged: the state of each document, and how often a transaction has raised both counters. */
interface Acknowledged {
  items: Map<number, number>
  transactions: number
  rebuilds: number
  builds: number
}

/** Raises a counter in each of two collections, in one transaction, until the server dies. */
async function transferUntilDeath(client: MongoClient, acknowledged: Acknowledged): Promise<void> {
  for (;;) {
    await client.withSession((session) =>
      session.withTransaction(async () => {
        for (const name of ['left', 'right'])
          await client
            .db('crash')
            .collection(name)
            .updateOne({ k: 1 }, { $inc: { n: 1 } }, { session, upsert: true })
      }),
    )
    acknowledged.transactions++
  }
}

/** Makes and drops indexes, fills, thins out and replaces a collection until the server dies. */
async function rebuildUntilDeath(client: MongoClient, acknowledged: Acknowledged): Promise<void> {
  const built = client.db('crash').collection<{ n: number; round: number; tags: number[] }>('built')
  for (let round = 0; ; round++) {
    await built.insertMany(Array.from({ length: 50 }, (_, n) => ({ n, round, tags: [n % 3, n % 5] })))
    await built.createIndexes([{ key: { n: 1, round: 1 } }, { key: { tags: 1 }, sparse: true }])
    await built.deleteMany({ n: { $mod: [3, round % 3] } })
    await built.updateMany({ n: { $lt: 20 } }, { $push: { tags: { $each: [round], $slice: -4 } } })
    await built.dropIndex('n_1_round_1')
    await built.aggregate([{ $match: { n: { $gt: 10 } } }, { $limit: 60 }, { $out: 'built' }]).toArray()
    acknowledged.rebuilds++
  }
}

const LARGE = 4000

/** Makes two indexes that take many turns, and drops them, while their documents change, until the server dies. */
async function buildUntilDeath(client: MongoClient, acknowledged: Acknowledged): Promise<void> {
  const large = client.db('crash').collection<{ _id: number; n: number; tags: number[] }>('large')
  const change = async (): Promise<void> => {
    for (let i = 0; ; i = (i + 7) % LARGE) {
      await large.updateOne({ _id: i }, { $inc: { n: LARGE }, $set: { tags: [i % 3, i % 5] } })
      await large.replaceOne({ _id: LARGE + i }, { n: -i, tags: [] }, { upsert: true })
      await large.deleteOne({ _id: LARGE + i })
    }
  }
  const build = async (): Promise<void> => {
    for (;;) {
      await large.createIndexes([{ key: { n: 1 }, unique: true }, { key: { tags: 1, n: -1 } }])
      acknowledged.builds++
      await large.dropIndexes()
    }
  }
  await Promise.allSettled([change(), build()])
}

/** Writes until the server dies; notes what was acknowledged. */
async function writeUntilDeath(
  items: Collection<Item>,
  first: number,
  acknowledged: Map<number, number>,
): Promise<void> {
  let next = first
  const worker = async (): Promise<void> => {
    for (;;) {
      const _id = next++
      await items.insertOne({ _id, key: `k${_id}`, tags: [`a${_id % 7}`, `b${_id % 5}`], n: 0 })
      acknowledged.set(_id, 0)
      await items.updateOne({ _id }, { $set: { n: 1, tags: ['c'] } })
      acknowledged.set(_id, 1)
      if (_id % 5 === 0)
        await items.insertMany(
          Array.from({ length: 20 }, (_, i) => ({ _id: -(_id * 100 + i), key: `m${_id}.${i}`, tags: [], n: 9 })),
        )
    }
  }
  await Promise.allSettled(Array.from({ length: 8 }, worker))
}

it(
  `keeps every acknowledged write and its indexes when killed ${ROUNDS} times`,
  async () => {
    const acknowledged: Acknowledged = { items: new Map(), transactions: 0, rebuilds: 0, builds: 0 }
    for (let round = 0; round <= ROUNDS; round++) {
      const client = await MongoClient.connect(await start(round), {
        retryWrites: false,
        serverSelectionTimeoutMS: 500,
      })
      const items = client.db('crash').collection<Item>('items')
      if (round === 0) await items.createIndexes([{ key: { key: 1 }, unique: true }, { key: { tags: 1, n: 1 } }])
      const large = client.db('crash').collection<{ _id: number; n: number; tags: number[] }>('large')
      if (round === 0)
        await large.insertMany(Array.from({ length: LARGE }, (_each, n) => ({ _id: n, n, tags: [n % 7] })))
      else {
        const whole = (await large.indexes()).map(({ name }) => name)
        expect([['_id_'], ['_id_', 'n_1', 'tags_1_n_-1']]).toContainEqual(whole)
      }
      for (const { name } of await client.db('crash').listCollections().toArray())
        expect(await client.db('crash').command({ validate: name }), name).toMatchObject({ valid: true, errors: [] })
      const [left, right] = await Promise.all(
        ['left', 'right'].map((name) => client.db('crash').collection(name).findOne({ k: 1 })),
      )
      expect(left?.n).toBe(right?.n)
      expect(left?.n ?? 0).toBeGreaterThanOrEqual(acknowledged.transactions)
      const stored = new Map((await items.find({ _id: { $gte: 0 } }).toArray()).map(({ _id, n }) => [_id, n]))
      for (const [_id, n] of acknowledged.items)
        expect(stored.get(_id) ?? -1, `document ${_id}`).toBeGreaterThanOrEqual(n)
      if (round === ROUNDS) await client.close()
      else {
        const dying = Promise.allSettled([
          writeUntilDeath(items, (round + 1) * 1_000_000, acknowledged.items),
          transferUntilDeath(client, acknowledged),
          round % 2 === 0 ? rebuildUntilDeath(client, acknowledged) : buildUntilDeath(client, acknowledged),
        ])
        // A slow machine too gets one of each done before the first deaths.
        while (
          round < 2 &&
          (acknowledged.transactions === 0 || (round === 0 ? acknowledged.rebuilds : acknowledged.builds) === 0)
        )
          await new Promise((resolve) => setTimeout(resolve, 20))
        await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 600))
        await kill()
        await client.close()
        await dying
      }
    }
    expect(acknowledged.items.size).toBeGreaterThan(ROUNDS)
    expect(acknowledged.transactions).toBeGreaterThan(0)
    expect(acknowledged.rebuilds).toBeGreaterThan(0)
    expect(acknowledged.builds).toBeGreaterThan(0)
    const gone = child === undefined ? Promise.resolve([0]) : once(child, 'exit')
    child?.kill('SIGTERM')
    expect((await gone)[0]).toBe(0)
  },
  60_000 + ROUNDS * 10_000,
)
