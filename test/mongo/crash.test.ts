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
    packages: 'external',
    logLevel: 'error',
  })
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<string> {
  child = spawn(process.execPath, [BUNDLE, '--port', '0', '--data', folder], { stdio: ['ignore', 'pipe', 'ignore'] })
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

it(`keeps every acknowledged write and its indexes when killed ${ROUNDS} times`, async () => {
  const acknowledged = new Map<number, number>()
  for (let round = 0; round <= ROUNDS; round++) {
    const client = await MongoClient.connect(await start(), { retryWrites: false, serverSelectionTimeoutMS: 500 })
    const items = client.db('crash').collection<Item>('items')
    if (round === 0) await items.createIndexes([{ key: { key: 1 }, unique: true }, { key: { tags: 1, n: 1 } }])
    expect(await client.db('crash').command({ validate: 'items' })).toMatchObject({ valid: true, errors: [] })
    const stored = new Map((await items.find({ _id: { $gte: 0 } }).toArray()).map(({ _id, n }) => [_id, n]))
    for (const [_id, n] of acknowledged) expect(stored.get(_id) ?? -1, `document ${_id}`).toBeGreaterThanOrEqual(n)
    if (round === ROUNDS) await client.close()
    else {
      const dying = writeUntilDeath(items, (round + 1) * 1_000_000, acknowledged)
      await new Promise((resolve) => setTimeout(resolve, 120 + 37 * round))
      await kill()
      await client.close()
      await dying
    }
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS)
  const gone = child === undefined ? Promise.resolve([0]) : once(child, 'exit')
  child?.kill('SIGTERM')
  expect((await gone)[0]).toBe(0)
}, 120_000)
