import { randomBytes } from 'node:crypto'
import { Long } from 'bson'
import { MongoError } from '../errors.ts'
import type { Transaction } from '../store/transaction.ts'
import { assemble } from '../bson/raw.ts'
import { write } from '../bson/values.ts'

/** An open cursor: the documents still to come, as BSON bytes. */
interface OpenCursor {
  ns: string
  source: Iterator<Uint8Array>
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
  first(
    ns: string,
    source: Iterator<Uint8Array>,
    options: {
      batchSize?: number | undefined
      single?: boolean
      keep?: boolean
      transaction?: Transaction | undefined
    },
  ): Batch {
    const { batchSize = DEFAULT_FIRST_BATCH, single = false, keep = false, transaction } = options
    const cursor: OpenCursor = { ns, source, ahead: undefined, transaction, keep, lastUsed: Date.now() }
    const docs = take(cursor, batchSize)
    if (single || !hasMore(cursor)) {
      source.return?.()
      return { id: 0n, ns, docs }
    }
    const id = randomBytes(8).readBigInt64BE() & 0x7fffffffffffffffn
    this.open.set(id, cursor)
    return { id, ns, docs }
  }

  /** The next batch; throws CursorNotFound. `batchSize` 0 means as many as fit. */
  next(id: bigint, batchSize: number): Batch {
    const cursor = this.open.get(id)
    if (cursor === undefined) throw new MongoError(43, `cursor id ${id} not found`)
    cursor.lastUsed = Date.now()
    try {
      const docs = take(cursor, batchSize === 0 ? Infinity : batchSize)
      if (hasMore(cursor)) return { id, ns: cursor.ns, docs }
      this.kill(id)
      return { id: 0n, ns: cursor.ns, docs }
    } catch (cause) {
      this.kill(id)
      throw cause
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

function hasMore(cursor: OpenCursor): boolean {
  if (cursor.ahead !== undefined) return true
  const next = cursor.source.next()
  if (next.done === true) return false
  cursor.ahead = next.value
  return true
}

function take(cursor: OpenCursor, count: number): Uint8Array[] {
  const docs: Uint8Array[] = []
  let bytes = 0
  while (docs.length < count && hasMore(cursor) && cursor.ahead !== undefined) {
    if (docs.length > 0 && bytes + cursor.ahead.length > MAX_BATCH_BYTES) break
    bytes += cursor.ahead.length + 12
    docs.push(cursor.ahead)
    cursor.ahead = undefined
  }
  return docs
}

function element(type: number, name: string, value: Uint8Array): Uint8Array[] {
  return [Buffer.from(`${String.fromCharCode(type)}${name}\0`, 'latin1'), value]
}

/** The reply that carries a batch, made from the documents' bytes as they are. */
export function cursorReply(batch: Batch, field: 'firstBatch' | 'nextBatch'): Uint8Array {
  const array = assemble(batch.docs.flatMap((doc, i) => element(3, String(i), doc)))
  const rest = write({ id: Long.fromBigInt(batch.id), ns: batch.ns })
  const cursor = assemble([...element(4, field, array), rest.subarray(4, rest.length - 1)])
  const ok = write({ ok: 1 })
  return assemble([...element(3, 'cursor', cursor), ok.subarray(4, ok.length - 1)])
}
