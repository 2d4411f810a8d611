import mongoose, { type ClientSession, type Connection } from 'mongoose'
import type { Log } from './log.ts'

/** Whether a write failed because its key is taken. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === 11000

export type Mongo = {
  readonly connection: Connection
  /**
   * Runs `work` in a transaction that is repeated as a whole on a write conflict, for 3 s or `patienceMs`; then it fails, and whoever
   * asked tries again later. `work` must have no effect outside the session.
   */
  transaction<T>(work: (session: ClientSession) => Promise<T>, patienceMs?: number): Promise<T>
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * A process that dies in a transaction leaves its records locked until the server's limit for transactions. The driver would go on trying
 * for two minutes, and with it everybody who shares the turn.
 */
const usualPatienceMs = 3_000

const patiently = <T>(work: () => Promise<T>, patienceMs: number): (() => Promise<T>) => {
  const began = performance.now()
  return async () => {
    if (performance.now() - began > patienceMs)
      throw new Error(`These records have been written elsewhere for ${patienceMs / 1000} s`)
    return work()
  }
}

/** Connects; rejects after 10 s when no server answers. Commands never wait in a buffer: a lost database fails at once and the job repeats. */
export const connectMongo = async (url: string, log: Log): Promise<Mongo> => {
  const connection = await mongoose
    .createConnection(url, {
      serverSelectionTimeoutMS: 10_000,
      // A try to connect to a host that was away must not outlast its return, nor a look at one that went silent.
      connectTimeoutMS: 5_000,
      heartbeatFrequencyMS: 5_000,
      // A server that takes a command and never answers must not hold up everybody who shares the turn.
      socketTimeoutMS: 60_000,
      maxPoolSize: 40,
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
    })
    .asPromise()
  connection.on('error', (error: unknown) => log.error({ err: error }, 'mongo connection'))
  return {
    connection,
    transaction: (work, patienceMs = usualPatienceMs) =>
      connection.withSession((session) => session.withTransaction(patiently(() => work(session), patienceMs))),
    ping: async () => {
      await connection.db?.command({ ping: 1 })
    },
    close: () => connection.close(),
  }
}
