import { randomBytes } from 'node:crypto'
import { MongoError } from '../errors.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Turns } from './turns.ts'

/** Documents as BSON bytes; undefined in between, where others can be let pass. */
export type Documents = Iterator<Uint8Array | undefined>

/** An open cursor: the documents still to come. */
interface OpenCursor {
  ns: string
  source: Documents
  turns: Turns | undefined
  /** A command is at work on it. */
  busy: boolean
  ahead: Uint8Array | undefined
  transaction: Transaction | undefined
  keep: boolean
  lastUsed: number
}

const IDLE_MS = 10 * 60_000
const MAX_BATCH_BYTES = 16 * 1024 * 1024
const DEFAULT_FIRST_BATCH = 101

/** One batch of a cursor. `id` is 0n when there is no more. */
export interface Batch {
  id: bigint
  ns: string
  docs: Uint8Array[]
}

/** The open cursors. Idle ones are closed after ten minutes unless made with noCursorTimeout. */
export class Cursors {
  private readonly open = new Map<bigint, OpenCursor>()

  get size(): number {
    return this.open.size
  }

  /** The first batch of a result, and a cursor for the rest if there is any and `single` is off. */
  async first(
    ns: string,
    source: Documents,
    options: {
      batchSize?: number | undefined
      single?: boolean
      keep?: boolean
      transaction?: Transaction | undefined
      turns?: Turns | undefined
    },
  ): Promise<Batch> {
    const { batchSize = DEFAULT_FIRST_BATCH, single = false, keep = false, transaction, turns } = options
    const lastUsed = Date.now()
    const cursor: OpenCursor = { ns, source, turns, busy: false, ahead: undefined, transaction, keep, lastUsed }
    const docs = await take(cursor, batchSize)
    if (single || !(await hasMore(cursor))) {
      source.return?.()
      return { id: 0n, ns, docs }
    }
    const id = randomBytes(8).readBigInt64BE() & 0x7fffffffffffffffn
    this.open.set(id, cursor)
    return { id, ns, docs }
  }

  /** The next batch; throws CursorNotFound or CursorInUse. `batchSize` 0 means as many as fit. */
  async next(id: bigint, batchSize: number): Promise<Batch> {
    const cursor = this.open.get(id)
    if (cursor === undefined) throw new MongoError(43, `cursor id ${id} not found`)
    if (cursor.busy) throw new MongoError(12051, `cursor id ${id} is already in use`)
    cursor.lastUsed = Date.now()
    cursor.busy = true
    cursor.turns?.begin()
    try {
      const docs = await take(cursor, batchSize === 0 ? Infinity : batchSize)
      if (await hasMore(cursor)) return { id, ns: cursor.ns, docs }
      this.kill(id)
      return { id: 0n, ns: cursor.ns, docs }
    } catch (cause) {
      this.kill(id)
      throw cause
    } finally {
      cursor.busy = false
    }
  }

  /** Closes a cursor; false when there is none. */
  kill(id: bigint): boolean {
    const cursor = this.open.get(id)
    cursor?.source.return?.()
    return this.open.delete(id)
  }

  /** Closes idle cursors and those whose transaction has ended. */
  closeIdle(now = Date.now()): void {
    for (const [id, { lastUsed, keep, transaction }] of this.open) {
      const orphan = transaction !== undefined && transaction.state !== 'active'
      if (orphan || (!keep && now - lastUsed > IDLE_MS)) this.kill(id)
    }
  }
}

async function hasMore(cursor: OpenCursor): Promise<boolean> {
  while (cursor.ahead === undefined) {
    if (cursor.turns?.isOver === true) await cursor.turns.pass()
    const next = cursor.source.next()
    if (next.done === true) return false
    cursor.ahead = next.value
  }
  return true
}

async function take(cursor: OpenCursor, count: number): Promise<Uint8Array[]> {
  const docs: Uint8Array[] = []
  let bytes = 0
  while (docs.length < count && (await hasMore(cursor)) && cursor.ahead !== undefined) {
    if (docs.length > 0 && bytes + cursor.ahead.length > MAX_BATCH_BYTES) break
    bytes += cursor.ahead.length + 12
    docs.push(cursor.ahead)
    cursor.ahead = undefined
  }
  return docs
}
