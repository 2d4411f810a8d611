import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { freePort, manage } from '../../sandbox/stack/process.ts'

/** The sandbox's database in a process of its own, in a new folder, with a client of the official driver. */
export type MongoProcess = {
  readonly client: MongoClient
  /** The address of one of its databases. */
  url(database: string): string
  /** Resident memory of the server in MB, as it reports it. */
  residentMb(): Promise<number>
  /** Waits until all that is written is on the disk: what was put there before is not measured with what follows. */
  flush(): Promise<void>
  close(): Promise<void>
}

const saysReady = async (printed: string): Promise<void> => {
  if (!printed.includes('"ready":true')) throw new Error('not ready yet')
}

/**
 * Starts the built server; needs `npm run build`. `inFlight` is how many requests the client can have on their way. Like the
 * Redis beside it, it does not wait for the disk: what is compared is work, not how this machine's disk feels today.
 */
export const startMongoProcess = async (inFlight: number): Promise<MongoProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiyin-bench-mongo-'))
  const port = await freePort()
  const server = manage({
    name: 'mongo',
    program: process.execPath,
    args: [
      '--max-semi-space-size=64',
      'sandbox/dist/mongo.js',
      '--port',
      String(port),
      '--data',
      join(folder, 'data'),
      '--fsync',
      'no',
    ],
    logFile: join(folder, 'mongo.log'),
    ready: saysReady,
  })
  await server.start()
  const url = (database: string): string =>
    `mongodb://127.0.0.1:${port}/${database}?replicaSet=zhiyin&directConnection=true`
  const client = await MongoClient.connect(url(''), {
    maxPoolSize: inFlight,
    minPoolSize: inFlight,
  })
  return {
    client,
    url,
    residentMb: async () => {
      const { mem } = await client.db('admin').command({ serverStatus: 1 })
      return Number(mem.resident)
    },
    flush: async () => {
      const file = await open(join(folder, 'data', 'data.mdb'), 'r+')
      await file.datasync()
      await file.close()
    },
    close: async () => {
      await client.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
