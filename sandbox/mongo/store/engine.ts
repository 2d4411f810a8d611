import { writeConflict } from '../errors.ts'
import { DirectWriter, PlainReader } from './access.ts'
import { Catalog, type Collection } from './catalog.ts'
import { changeOf, type Change } from './changes.ts'
import { Locked, Locks, type Done } from './locks.ts'
import { Sessions } from './sessions.ts'
import { ClosedError, joined, prefix, Storage, type Fsync } from './storage.ts'
import { Transaction } from './transaction.ts'

const SWEEP_CHUNK = 2000
const FORGOTTEN_AFTER_MS = 60_000

/** Everything below the commands: storage, catalog, locks, sessions and transactions, in one process. */
export class Engine {
  readonly storage: Storage
  readonly catalog: Catalog
  readonly locks = new Locks()
  readonly sessions: Sessions
  readonly reader: PlainReader
  readonly transactions = new Map<string, Transaction>()
  readonly startedAt = Date.now()
  /** How long a transaction may stay open. */
  transactionLifetimeMs = 60_000
  private readonly onFailure: (cause: unknown) => void
  private readonly touched = new Set<Collection>()
  private readonly open = new Set<Transaction>()
  private sweeping: Promise<void> = Promise.resolve()

  constructor(folder: string, onFailure: (cause: unknown) => void, fsync?: Fsync) {
    this.onFailure = onFailure
    this.storage = new Storage(folder, onFailure, fsync)
    this.catalog = new Catalog(this.storage)
    this.sessions = new Sessions(this.storage)
    this.reader = new PlainReader(this.storage)
    this.storage.beforeCommit = () => this.saveTouched()
    this.storage.afterCommit = () => this.forgetOldChanges()
  }

  /** Runs one write action in an LMDB transaction; answers when it is on the disk. */
  write<T>(action: (writer: DirectWriter, sequence: number) => T): Promise<T> {
    return this.storage.write((sequence) =>
      action(new DirectWriter(this.storage, this.locks, this.touched, sequence), sequence),
    )
  }

  /** Saves the counters and newly multikey indexes of what was written. */
  private saveTouched(): void {
    for (const coll of this.touched) this.catalog.saveAfterWrites(coll)
    this.touched.clear()
  }

  /** Like `write`, and when the action meets a transaction's lock, waits for its turn and runs the action again. */
  async writeWhenFree<T>(
    action: (writer: DirectWriter, sequence: number) => T,
    resource?: string,
    done?: Done,
  ): Promise<T> {
    let met: Locked
    try {
      return await this.write(action)
    } catch (cause) {
      if (!(cause instanceof Locked)) throw cause
      met = cause
    } finally {
      done?.()
    }
    const again = met.resource === resource
    return this.writeWhenFree(action, met.resource, await this.locks.turn(met.resource, { alone: false, again }))
  }

  private forgetOldChanges(): void {
    let oldest = this.storage.committedSequence
    for (const { startedAfter } of this.open) oldest = Math.min(oldest, startedAfter)
    this.locks.forget(oldest)
  }

  /** Opens a transaction for a session; one still open there is given up. */
  begin(lsid: string, number: bigint): Transaction {
    this.transactions.get(lsid)?.end('aborted')
    const transaction = new Transaction(this.storage, this.locks, number)
    this.transactions.set(lsid, transaction)
    this.open.add(transaction)
    void transaction.ended.then(() => this.open.delete(transaction))
    return transaction
  }

  /** Writes a transaction's changes in one LMDB transaction. */
  async commit(lsid: string, transaction: Transaction): Promise<void> {
    transaction.state = 'committing'
    try {
      await this.write((writer) => {
        // Its session may have given it up, and its locks, to begin another one.
        if (transaction.state !== 'committing') throw writeConflict()
        const changes: { coll: Collection; change: Change }[] = []
        for (const [coll, versions] of transaction.versions) {
          if (this.catalog.get(coll.ns) !== coll || coll.indexedSince > transaction.startedAfter) throw writeConflict()
          for (const { idKey, raw, change } of versions.values()) {
            // The lock has kept the document as it was when the change was worked out.
            if (change?.indexes === coll.written) {
              changes.push({ coll, change })
              continue
            }
            const before = writer.get(coll, idKey)
            if (before !== undefined || raw !== undefined)
              changes.push({ coll, change: changeOf(coll, idKey, before, raw) })
          }
        }
        for (const { change } of changes) writer.removeEntries(change)
        for (const { change } of changes) writer.addEntries(change)
        for (const { coll, change } of changes) writer.putDocument(coll, change)
        this.sessions.remember(lsid, { number: transaction.number, committed: true })
      })
      transaction.end('committed')
    } catch (cause) {
      transaction.end('aborted')
      throw cause
    }
  }

  /** Gives up transactions that have been open for too long, or that have written to a collection being changed. */
  abortTransactions(coll?: Collection): void {
    const limit = Date.now() - this.transactionLifetimeMs
    for (const [lsid, transaction] of this.transactions) {
      const expired = transaction.state === 'active' && transaction.openedAt < limit
      const touches = coll !== undefined && transaction.state === 'active' && transaction.versions.has(coll)
      if (expired || touches) transaction.end('aborted')
      if (transaction.openedAt < limit - FORGOTTEN_AFTER_MS) this.transactions.delete(lsid)
    }
  }

  /** Removes what dropped collections and indexes left behind, a piece at a time so that others get their turn. */
  private async sweepGarbage(): Promise<void> {
    for (const { key, table, id } of this.catalog.garbage()) {
      const stretch = { low: prefix(id), high: joined(id, Buffer.from([0xff])), reverse: false }
      for (let left = true; left && !this.storage.closing;) {
        left = await this.write(() => {
          const chunk = this.storage.chunk(this.storage[table], stretch, SWEEP_CHUNK)
          for (const entry of chunk) void this.storage[table].remove(entry.key)
          if (chunk.length > 0) return true
          void this.storage.meta.remove(key)
          return false
        })
      }
    }
  }

  /** Sweeps garbage without holding anybody up; what is left at the end is swept after the next start. */
  sweepInBackground(): void {
    this.sweeping = this.sweeping
      .then(() => this.sweepGarbage())
      .catch((cause: unknown) => {
        if (!(cause instanceof ClosedError)) this.onFailure(cause)
      })
  }

  /** Refuses new writes and gives up open transactions, so that every command at work comes to its end. */
  stop(): void {
    this.storage.stop()
    for (const transaction of this.transactions.values()) if (transaction.state === 'active') transaction.end('aborted')
  }

  /** Stops, waits for the writes on their way and closes the files. Nothing may read any more. */
  async close(): Promise<void> {
    this.stop()
    await this.sweeping
    await this.storage.close()
  }
}
