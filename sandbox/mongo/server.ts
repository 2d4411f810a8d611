import { createServer } from 'node:net'
import { Cursors } from './commands/cursors.ts'
import type { Server } from './commands/request.ts'
import { Engine } from './store/engine.ts'
import { ClosedError, type Fsync } from './store/storage.ts'
import { sweepExpired } from './store/ttl.ts'
import { serveConnection, type Connection } from './wire/connection.ts'

const TTL_FIRST_MS = 2_000
const TTL_EVERY_MS = 60_000
const HOUSEKEEPING_MS = 500

/** Where to listen and where to keep the data. Port 0 takes any free one. */
export interface MongoOptions {
  port: number
  host?: string
  dataDir: string
  /** How long a transaction may stay open; 60 s, as in MongoDB. */
  transactionLifetimeMs?: number
  /** Default: `always`. */
  fsync?: Fsync
  /** Called when LMDB itself fails (disk full); without it the process ends. */
  onFailure?: (cause: unknown) => void
}

/** A running server. `close` flushes and frees the port and the files. */
export interface MongoServer {
  port: number
  uri: string
  close(): Promise<void>
}

function dieOf(cause: unknown): void {
  process.stderr.write(
    `The database cannot write any more: ${cause instanceof Error ? cause.message : String(cause)}\n`,
  )
  process.exit(1)
}

/** Keeps a timer from holding the process up. */
function unreferenced(timer: NodeJS.Timeout): NodeJS.Timeout {
  return timer.unref()
}

/** Ends what has been left open for too long: transactions, cursors, records of sessions. */
async function keepHouse({ engine, cursors }: Server): Promise<void> {
  engine.abortTransactions()
  cursors.closeIdle()
  const old = engine.sessions.expired()
  if (old.length > 0) await engine.write(() => engine.sessions.forget(old))
}

/** Starts a server of the MongoDB wire protocol in this process. Rejects when the port is taken or the folder cannot be used. */
export async function startMongo({
  port,
  host = '127.0.0.1',
  dataDir,
  transactionLifetimeMs = 60_000,
  fsync,
  onFailure = dieOf,
}: MongoOptions): Promise<MongoServer> {
  const engine = new Engine(dataDir, onFailure, fsync)
  engine.transactionLifetimeMs = transactionLifetimeMs
  const tasks = new Set<Promise<void>>()
  const attempt = (work: () => Promise<void>): void => {
    const task = work().catch((cause: unknown) => {
      if (!(cause instanceof ClosedError)) onFailure(cause)
    })
    tasks.add(task)
    void task.then(() => tasks.delete(task))
  }
  const sweep = (): void => attempt(() => sweepExpired(engine))
  let sweeper = unreferenced(setInterval(sweep, TTL_EVERY_MS))
  const sweepEvery = (milliseconds: number): void => {
    clearInterval(sweeper)
    sweeper = unreferenced(setInterval(sweep, milliseconds))
  }
  const connections = new Set<Connection>()
  const counts = new Map<string, number>()
  const server: Server = { engine, cursors: new Cursors(), host, port, connections, counts, sweepEvery }
  let connected = 0
  const listener = createServer((socket) => {
    const connection = serveConnection(server, socket, ++connected, () => connections.delete(connection))
    connections.add(connection)
  })
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject)
      listener.listen(port, host, resolve)
    })
  } catch (cause) {
    clearInterval(sweeper)
    await engine.close()
    throw cause
  }
  const address = listener.address()
  if (typeof address === 'object' && address !== null) server.port = address.port
  const timers = [
    unreferenced(setTimeout(sweep, TTL_FIRST_MS)),
    unreferenced(setInterval(() => attempt(() => keepHouse(server)), HOUSEKEEPING_MS)),
  ]
  engine.sweepInBackground()
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    for (const timer of [...timers, sweeper]) clearInterval(timer)
    const ended = new Promise<void>((resolve) => listener.close(() => resolve()))
    engine.stop()
    await Promise.all([...connections].map((connection) => connection.finish()))
    await Promise.all([ended, ...tasks])
    await engine.close()
  }
  return {
    port: server.port,
    uri: `mongodb://${host}:${server.port}/?replicaSet=zhiyin&directConnection=true`,
    close: () => (closed ??= close()),
  }
}
