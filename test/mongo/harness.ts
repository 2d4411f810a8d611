import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BSON, MongoClient, type Document } from 'mongodb'
import { startMongo, type MongoServer } from '../../sandbox/mongo/server.ts'
import type { Fsync } from '../../sandbox/mongo/store/storage.ts'

/** A running server with a client of the official driver; `stop` removes everything. */
export interface Running {
  server: MongoServer
  client: MongoClient
  folder: string
  stop(): Promise<void>
}

/** Starts a server on a free port in a new folder and connects to it; `no` where a test cannot have it wait for the disk. */
export async function running(fsync: Fsync = 'always'): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'zhiyin-mongo-'))
  const server = await startMongo({ port: 0, dataDir: folder, fsync })
  const client = await MongoClient.connect(server.uri)
  const stop = async (): Promise<void> => {
    await client.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { server, client, folder, stop }
}

/** The error a promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await promise
  } catch (cause) {
    if (cause instanceof Error) return Object.fromEntries([...Object.entries(cause), ['message', cause.message]])
  }
  throw new Error('The promise should have been rejected')
}

/** Sends one command as bare bytes, without a driver that would change it, and reads the reply. */
export async function sendRaw(port: number, command: Document): Promise<Document> {
  const body = BSON.serialize(command)
  const head = Buffer.alloc(21)
  head.writeInt32LE(21 + body.length, 0)
  head.writeInt32LE(1, 4)
  head.writeInt32LE(2013, 12)
  const socket = connect(port, '127.0.0.1')
  socket.write(Buffer.concat([head, body]))
  const chunks: Buffer[] = []
  for await (const chunk of socket) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    const all = Buffer.concat(chunks)
    if (all.length >= 4 && all.length >= all.readInt32LE(0)) return BSON.deserialize(all.subarray(21))
  }
  throw new Error('The server closed the connection without an answer')
}
