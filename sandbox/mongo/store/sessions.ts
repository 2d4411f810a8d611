import { Long } from 'bson'
import { isDoc, readTyped, toNumber, write, type Doc } from '../bson/values.ts'
import type { Storage } from './storage.ts'

/** What a write command with several statements has done so far; kept so that a retry goes on instead of doing it twice. */
export interface Progress {
  next: number
  n: number
  nModified: number
  upserted: { index: number; _id: unknown }[]
  writeErrors: Doc[]
  /** The reply of findAndModify or the results of bulkWrite. */
  result?: Doc
}

/** The last numbered act of a session: a retryable write with its progress, or a committed transaction. */
export interface SessionRecord {
  number: bigint
  committed?: boolean
  progress?: Progress
}

const LIFETIME_MS = 30 * 60_000

function readProgress(stored: unknown): Progress | undefined {
  if (!isDoc(stored)) return undefined
  const { upserted, writeErrors, result } = stored
  return {
    next: toNumber(stored.next) ?? 0,
    n: toNumber(stored.n) ?? 0,
    nModified: toNumber(stored.nModified) ?? 0,
    upserted: (Array.isArray(upserted) ? (upserted as unknown[]) : []).flatMap((item) =>
      isDoc(item) ? [{ index: toNumber(item.index) ?? 0, _id: item._id }] : [],
    ),
    writeErrors: (Array.isArray(writeErrors) ? (writeErrors as unknown[]) : []).filter(isDoc),
    ...(isDoc(result) ? { result } : {}),
  }
}

/** Remembers each session's last retryable write, on the disk in the same LMDB transaction as the write itself. */
export class Sessions {
  private readonly storage: Storage
  private readonly records = new Map<string, SessionRecord & { at: number }>()
  private readonly running = new Map<string, Promise<unknown>>()

  constructor(storage: Storage) {
    this.storage = storage
    for (const { key, value } of storage.meta.getRange({ start: Buffer.from('s:'), end: Buffer.from('s;') })) {
      const stored = readTyped(value)
      const progress = readProgress(stored.progress)
      this.records.set(key.toString('latin1').slice(2), {
        number: stored.number instanceof Long ? stored.number.toBigInt() : 0n,
        committed: stored.committed === true,
        ...(progress === undefined ? {} : { progress }),
        at: Number(stored.at),
      })
    }
  }

  /** Runs a session's numbered commands one after the other, so that a retry waits for the first try instead of racing it. */
  async inTurn<T>(lsid: string, task: () => Promise<T>): Promise<T> {
    for (let before = this.running.get(lsid); before !== undefined; before = this.running.get(lsid))
      await Promise.allSettled([before])
    const running = task()
    this.running.set(lsid, running)
    try {
      return await running
    } finally {
      this.running.delete(lsid)
    }
  }

  get(lsid: string): SessionRecord | undefined {
    return this.records.get(lsid)
  }

  /** Keeps a record. Only inside a write action. */
  remember(lsid: string, record: SessionRecord): void {
    const at = Date.now()
    this.records.set(lsid, { ...record, at })
    const stored = {
      number: Long.fromBigInt(record.number),
      committed: record.committed === true,
      progress: record.progress ?? null,
      at: new Date(at),
    }
    void this.storage.meta.put(Buffer.from(`s:${lsid}`, 'latin1'), Buffer.from(write(stored)))
  }

  /** Forgets a session that has ended or records older than half an hour. Only inside a write action. */
  forget(lsids: Iterable<string>): void {
    for (const lsid of lsids) {
      if (!this.records.delete(lsid)) continue
      void this.storage.meta.remove(Buffer.from(`s:${lsid}`, 'latin1'))
    }
  }

  /** Sessions not used for half an hour. */
  expired(): string[] {
    const limit = Date.now() - LIFETIME_MS
    return [...this.records].filter(([, { at }]) => at < limit).map(([lsid]) => lsid)
  }
}
