import type { Transaction as Snapshot } from 'lmdb'
import { refusesDuplicates, type Collection, type IndexInfo } from './catalog.ts'
import { changeOf, duplicateEntry, duplicateId, type Change, type UniqueEntry } from './changes.ts'
import type { Locks } from './locks.ts'
import { joined, type Storage } from './storage.ts'

/** A document as a transaction sees it: its own uncommitted version, or gone. */
export interface Version {
  idKey: Buffer
  raw: Buffer | undefined
  /** What it does to the committed document, where the transaction changed that only once. */
  change: Change | undefined
}

/** A view of the data to read from. */
export interface Reader {
  readonly storage: Storage
  readonly snapshot: Snapshot | undefined
  /** The uncommitted versions this reader sees instead of the stored ones. */
  overlay(coll: Collection): ReadonlyMap<string, Version> | undefined
  get(coll: Collection, idKey: Buffer): Buffer | undefined
  /** The id key of the document that has a unique index entry. */
  owner(index: IndexInfo, key: Buffer): Buffer | undefined
  /** Throws SnapshotUnavailable when an index of the collection was made after what this reader sees. */
  mustKnow(coll: Collection): void
}

/**
 * A view that can be written. A change is staged first (index entries worked out, locks met) and applied after, so that whatever makes
 * a statement wait or fail happens before anything is written.
 */
export interface Writer extends Reader {
  stage(coll: Collection, idKey: Buffer, before: Buffer | undefined, after: Buffer | undefined): Change
  apply(coll: Collection, change: Change): void
}

/** The lock name of a document. */
export function documentResource(coll: Collection, idKey: Buffer): string {
  return `d${joined(coll.id, idKey).toString('latin1')}`
}

/** The lock name of a unique index entry. */
export function entryResource(index: IndexInfo, key: Buffer): string {
  return `u${index.id}:${key.toString('latin1')}`
}

/** The lock names of all unique index entries a change touches. */
export function uniqueResources({ released, taken }: Pick<Change, 'released' | 'taken'>): string[] {
  const out: string[] = []
  for (const { index, key } of released) if (refusesDuplicates(index)) out.push(entryResource(index, key))
  for (const { index, key } of taken) if (refusesDuplicates(index)) out.push(entryResource(index, key))
  return out
}

/** Reads what is committed, or, inside a write action, what the action's LMDB transaction holds. */
export class PlainReader implements Reader {
  readonly storage: Storage
  snapshot: Snapshot | undefined

  constructor(storage: Storage, snapshot?: Snapshot) {
    this.storage = storage
    this.snapshot = snapshot
  }

  overlay(_coll: Collection): ReadonlyMap<string, Version> | undefined {
    return undefined
  }

  mustKnow(_coll: Collection): void {}

  get(coll: Collection, idKey: Buffer): Buffer | undefined {
    return this.storage.get(this.storage.docs, joined(coll.id, idKey), this.snapshot)
  }

  owner(index: IndexInfo, key: Buffer): Buffer | undefined {
    return this.storage.get(this.storage.index, joined(index.id, key), this.snapshot)
  }
}

/** Writes straight into the LMDB transaction of a write action. */
export class DirectWriter extends PlainReader implements Writer {
  /** Whether anything has been written. */
  wrote = false
  private readonly locks: Locks
  private readonly touched: Set<Collection>
  private readonly sequence: number

  /** `touched` takes the collections written to, whose counters are saved with the commit. */
  constructor(storage: Storage, locks: Locks, touched: Set<Collection>, sequence: number) {
    super(storage)
    this.locks = locks
    this.touched = touched
    this.sequence = sequence
  }

  stage(coll: Collection, idKey: Buffer, before: Buffer | undefined, after: Buffer | undefined): Change {
    const change = changeOf(coll, idKey, before, after)
    if (this.locks.none) return change
    this.locks.mustBeFree(documentResource(coll, idKey))
    for (const resource of uniqueResources(change)) this.locks.mustBeFree(resource)
    return change
  }

  apply(coll: Collection, change: Change): void {
    const { idKey, before, after } = change
    if (before === undefined && after !== undefined && this.get(coll, idKey) !== undefined)
      throw duplicateId(coll, after)
    for (const entry of change.taken) {
      if (!refusesDuplicates(entry.index)) continue
      const owner = this.owner(entry.index, entry.key)
      if (owner !== undefined && !owner.equals(idKey)) throw duplicateEntry(coll, entry, after)
    }
    this.removeEntries(change)
    this.addEntries(change)
    this.putDocument(coll, change)
  }

  /** Takes a change's old index entries away. */
  removeEntries({ idKey, gone, released }: Change): void {
    for (const at of gone) void this.storage.index.remove(at)
    for (const entry of released) this.release(entry, idKey)
  }

  /** Puts a change's new index entries in. */
  addEntries({ idKey, come, taken }: Change): void {
    for (const at of come) void this.storage.index.put(at, idKey)
    for (const entry of taken) this.take(entry, idKey)
  }

  /** Puts one index entry of a document in. */
  addEntry(index: IndexInfo, key: Buffer, idKey: Buffer): void {
    if (index.unique) this.take({ index, key }, idKey)
    else void this.storage.index.put(joined(index.id, key, idKey), idKey)
  }

  private release({ index, key }: UniqueEntry, idKey: Buffer): void {
    const at = joined(index.id, key)
    if (index.building === undefined) void this.storage.index.remove(at)
    else if (this.owner(index, key)?.equals(idKey) === false) index.building.remove(key, idKey)
    else {
      const heir = index.building.remove(key, idKey)
      void (heir === undefined ? this.storage.index.remove(at) : this.storage.index.put(at, heir))
    }
  }

  private take({ index, key }: UniqueEntry, idKey: Buffer): void {
    const owner = index.building === undefined ? undefined : this.owner(index, key)
    if (owner !== undefined && !owner.equals(idKey)) index.building?.add(key, owner, idKey)
    else void this.storage.index.put(joined(index.id, key), idKey)
  }

  /** Stores or removes the document itself and notes the change for the snapshots that do not see it. */
  putDocument(coll: Collection, change: Change): void {
    const { idKey, before, after, released, taken } = change
    const key = joined(coll.id, idKey)
    if (after === undefined) void this.storage.docs.remove(key)
    else void this.storage.docs.put(key, after)
    coll.count += Number(after !== undefined) - Number(before !== undefined)
    coll.bytes += (after?.length ?? 0) - (before?.length ?? 0)
    // The note lives until the commit: it holds on to the names' bytes only, not to the documents and their other keys.
    this.locks.noteChange(this.sequence, () => [documentResource(coll, idKey), ...uniqueResources({ released, taken })])
    this.touched.add(coll)
    this.wrote = true
  }
}
