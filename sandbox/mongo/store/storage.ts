import { mkdirSync } from 'node:fs'
import { open, type Database, type RootDatabase, type Transaction } from 'lmdb'
import { MongoError } from '../errors.ts'

/** A table of byte keys and byte values. */
export type Table = Database<Buffer, Buffer>

/** A stored key with its value. */
export interface Entry {
  key: Buffer
  value: Buffer
}

/** A half-open stretch of keys: from `low` (in) to `high` (out), read downwards if `reverse`. */
export interface Stretch {
  low: Buffer
  high: Buffer
  reverse: boolean
}

/** Thrown to writers while the server shuts down. */
export class ClosedError extends MongoError {
  constructor() {
    super(91, 'The server is shutting down', ['RetryableWriteError'])
  }
}

/**
 * When what is written goes to the disk. `always`: before it is acknowledged. `no`: when the operating system sees fit, as Redis names it;
 * the process may be killed at any moment, but if the machine itself stops, the folder may be lost.
 */
export type Fsync = 'always' | 'no'

const MAX_CHUNK_BYTES = 1 << 20
/** Address space, not memory, taken from the start: a map that has to grow keeps its old self mapped too. It still grows beyond. */
const MAP_SIZE = 2 ** 34
/** Most customers and facts fit into such a page; larger documents get pages of their own, which are dear. A folder made with other pages keeps them. */
const PAGE_BYTES = 8192
/**
 * How many free pages LMDB knows by heart: it looks through all of them at every commit, 50,000 by default, which took it a tenth of the
 * time of writing. Read from the folder when these are used up. Not in its documents: node_modules/lmdb/src/env.cpp.
 */
const freePages = { maxFreeSpaceToLoad: 2_000, maxFreeSpaceToRetain: 4_000 }

/**
 * How long actions are taken into one LMDB transaction: enough that they share its fsync, and few enough that those who are done need
 * not wait for all who came later.
 */
const SHARED_MS = 5

/** A write action in line, with those who wait for its outcome. */
interface Queued {
  run(sequence: number): void
  settle(failure?: unknown): void
}

/**
 * The LMDB environment. All writing goes through `write`: the actions that come while a commit is on its way run one after the other in
 * the next LMDB transaction, as many as begin within 5 ms, and share its fsync; the promise answers when the data is committed, with
 * `always` on the disk.
 */
export class Storage {
  readonly docs: Table
  readonly index: Table
  readonly meta: Table
  /** Runs at the end of each LMDB transaction, inside it. */
  beforeCommit: () => void = () => undefined
  /** Runs after each commit. */
  afterCommit: () => void = () => undefined
  private readonly env: RootDatabase<Buffer, Buffer>
  private readonly onFailure: (cause: unknown) => void
  private queue: Queued[] = []
  private working: Promise<void> | undefined
  private sequence = 0
  private committed = 0
  private isClosing = false

  constructor(folder: string, onFailure: (cause: unknown) => void, fsync: Fsync = 'always') {
    mkdirSync(folder, { recursive: true })
    this.onFailure = onFailure
    const unsynced = fsync === 'no'
    this.env = open({
      path: folder,
      maxDbs: 8,
      keyEncoding: 'binary',
      encoding: 'binary',
      overlappingSync: false,
      mapSize: MAP_SIZE,
      noMemInit: true,
      pageSize: PAGE_BYTES,
      ...freePages,
      noSync: unsynced,
      useWritemap: unsynced,
    })
    this.docs = this.env.openDB('docs', { keyEncoding: 'binary', encoding: 'binary' })
    this.index = this.env.openDB('index', { keyEncoding: 'binary', encoding: 'binary' })
    this.meta = this.env.openDB('meta', { keyEncoding: 'binary', encoding: 'binary' })
  }

  /** The number of the last write action known to be visible to new snapshots. */
  get committedSequence(): number {
    return this.committed
  }

  /**
   * Runs an action inside an LMDB write transaction; it gets its sequence number. What the action throws is thrown here, and then it
   * must not have written anything. A failure of LMDB itself (disk full) goes to `onFailure` too.
   */
  write<T>(action: (sequence: number) => T): Promise<T> {
    if (this.isClosing) return Promise.reject(new ClosedError())
    return new Promise<T>((resolve, reject) => {
      let answer: () => void = () => undefined
      this.queue.push({
        run(sequence) {
          try {
            const value = action(sequence)
            answer = () => resolve(value)
          } catch (cause) {
            answer = () => reject(errorOf(cause))
          }
        },
        settle(failure) {
          if (failure === undefined) answer()
          else reject(errorOf(failure))
        },
      })
      this.working ??= this.work()
    })
  }

  /** Commits batch after batch until nothing is in line. */
  private async work(): Promise<void> {
    while (this.queue.length > 0) {
      let batch: Queued[] = []
      let failure: unknown
      try {
        await this.env.transaction(() => {
          const until = performance.now() + SHARED_MS
          do {
            const queued = this.queue.shift()
            if (queued === undefined) break
            batch.push(queued)
            queued.run(++this.sequence)
          } while (performance.now() < until)
          this.beforeCommit()
        })
      } catch (cause) {
        failure = cause
        this.onFailure(cause)
        batch = batch.concat(this.queue)
        this.queue = []
      }
      if (failure === undefined) this.committed = this.sequence
      this.afterCommit()
      for (const queued of batch) queued.settle(failure)
    }
    this.working = undefined
  }

  /** Opens a snapshot of all that is committed; `done()` must be called on it. */
  snapshot(): Transaction {
    this.env.resetReadTxn()
    return this.env.useReadTransaction()
  }

  /** Reads one value, now or in a snapshot. */
  get(table: Table, key: Buffer, snapshot?: Transaction): Buffer | undefined {
    return snapshot === undefined ? table.get(key) : table.get(key, { transaction: snapshot })
  }

  /** Reads up to `count` entries of a stretch (or 1 MiB of them), after the key `after` if given. */
  chunk(table: Table, stretch: Stretch, count: number, after?: Buffer, snapshot?: Transaction): Entry[] {
    const { low, high, reverse } = stretch
    const range = reverse
      ? { start: after ?? high, end: low, reverse, exclusiveStart: true, inclusiveEnd: true }
      : { start: after ?? low, end: high, exclusiveStart: after !== undefined }
    const found: Entry[] = []
    let bytes = 0
    const options = { ...range, limit: count, ...(snapshot === undefined ? {} : { transaction: snapshot }) }
    for (const { key, value } of table.getRange(options)) {
      found.push({ key, value })
      bytes += value.length
      if (bytes > MAX_CHUNK_BYTES) break
    }
    return found
  }

  /** Bytes the database takes on the disk, as LMDB counts its pages. */
  sizeOnDisk(): number {
    const stats: Record<string, unknown> = { ...this.env.getStats() }
    return Number(stats.lastPageNumber ?? 0) * Number(stats.pageSize ?? 4096)
  }

  /** Whether no more is written. */
  get closing(): boolean {
    return this.isClosing
  }

  /** Refuses new writes; those in line are still done. */
  stop(): void {
    this.isClosing = true
  }

  /** Waits for the writes on their way and closes the files. */
  async close(): Promise<void> {
    this.stop()
    await this.working
    await this.env.close()
  }
}

function errorOf(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}

/** A key prefix: the number of a collection or an index. */
export function prefix(id: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(id, 0)
  return bytes
}

/** Prefix and key in one. */
export function joined(id: number, ...parts: Uint8Array[]): Buffer {
  let size = 4
  for (const part of parts) size += part.length
  const out = Buffer.allocUnsafe(size)
  out.writeUInt32BE(id, 0)
  let at = 4
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
