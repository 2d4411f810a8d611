import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { startMongo } from '../../sandbox/mongo/server.ts'
import { connectMongo, type Mongo } from '../../server/platform/mongo.ts'
import { quietLog } from './log.ts'

/**
 * A database of one test file: in a real MongoDB when MONGODB_URL is set, else in the embedded one. `get()` works inside tests;
 * `indexes()` makes the indexes of every model defined so far.
 */
export const useMongo = (): { get(): Mongo; indexes(): Promise<void>; url(): string } => {
  let mongo: Mongo | null = null
  let address = ''
  let stop = async (): Promise<void> => undefined
  const get = (): Mongo => {
    if (!mongo) throw new Error('useMongo: only inside tests')
    return mongo
  }

  beforeAll(async () => {
    const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
    const own = process.env['MONGODB_URL']
    if (own === undefined) {
      const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-mongo-'))
      const server = await startMongo({ port: 0, host: '127.0.0.1', dataDir, fsync: 'no' })
      address = server.uri
      stop = async () => {
        await server.close()
        rmSync(dataDir, { recursive: true, force: true })
      }
    } else address = own
    const url = new URL(address)
    url.pathname = `/${name}`
    address = url.href
    mongo = await connectMongo(address, quietLog)
  }, 30_000)

  afterAll(async () => {
    await mongo?.connection.dropDatabase()
    await mongo?.close()
    await stop()
  })

  return {
    get,
    url: () => address,
    indexes: async () => {
      for (const model of Object.values(get().connection.models)) await model.createIndexes()
    },
  }
}
