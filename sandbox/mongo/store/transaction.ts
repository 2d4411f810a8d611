import { MongoError, writeConflict } from '../errors.ts'
import { documentResource, entryResource, PlainReader, uniqueResources, type Version, type Writer } from './access.ts'
import { refusesDuplicates, type Collection, type IndexInfo } from './catalog.ts'
import { changeOf, duplicateEntry, duplicateId, type Change } from './changes.ts'
import { Locked, type Holder, type Locks } from './locks.ts'
import type { Storage } from './storage.ts'

/**
 * A multi-document transaction: reads a snapshot, keeps its own writes in memory until they are committed, and holds a lock on each
 * document and unique index entry it writes. The first writer wins: meeting a lock, or something committed after the snapshot, is a
 * write conflict.
 */
export class Transaction extends PlainReader implements Writer, Holder {
  readonly number: bigint
  readonly ended: Promise<void>
  readonly held = new Set<string>()
  readonly versions = new Map<Collection, Map<string, Version>>()
  state: 'active' | 'committing' | 'committed' | 'aborted' = 'active'
  readonly openedAt = Date.now()
  /** No command has been answered yet, so nobody has seen the snapshot and it may still be renewed. */
  pristine = true
  waitsFor: string | undefined
  startedAfter: number
  private readonly locks: Locks
  private readonly owners = new Map<string, Buffer | undefined>()
  private finish: () => void = () => undefined

  constructor(storage: Storage, locks: Locks, number: bigint) {
    const startedAfter = storage.committedSequence
    super(storage, storage.snapshot())
    this.startedAfter = startedAfter
    this.locks = locks
    this.number = number
    this.ended = new Promise((resolve) => (this.finish = resolve))
  }

  override overlay(coll: Collection): ReadonlyMap<string, Version> | undefined {
    return this.versions.get(coll)
  }

  override get(coll: Collection, idKey: Buffer): Buffer | undefined {
    const version = this.versions.get(coll)?.get(idKey.toString('latin1'))
    return version === undefined ? super.get(coll, idKey) : version.raw
  }

  override owner(index: IndexInfo, key: Buffer): Buffer | undefined {
    const resource = entryResource(index, key)
    return this.owners.has(resource) ? this.owners.get(resource) : super.owner(index, key)
  }

  override mustKnow(coll: Collection): void {
    if (coll.indexedSince <= this.startedAfter) return
    throw new MongoError(
      246,
      `Unable to read from a snapshot due to pending collection catalog changes; please retry the operation. Collection: ${coll.ns}`,
      ['TransientTransactionError'],
    )
  }

  stage(coll: Collection, idKey: Buffer, before: Buffer | undefined, after: Buffer | undefined): Change {
    this.mustKnow(coll)
    const change = changeOf(coll, idKey, before, after)
    for (const resource of [documentResource(coll, idKey), ...uniqueResources(change)]) this.lock(resource)
    return change
  }

  private lock(resource: string): void {
    const holder = this.locks.holder(resource)
    if (holder === this) return
    if (holder !== undefined) throw new Locked(resource)
    if (this.locks.changedAfter(resource, this.startedAfter)) throw writeConflict()
    this.locks.hold(resource, this)
    this.held.add(resource)
  }

  apply(coll: Collection, change: Change): void {
    const { idKey, before, after, taken, released } = change
    if (before === undefined && after !== undefined && this.get(coll, idKey) !== undefined)
      throw duplicateId(coll, after)
    for (const entry of taken) {
      if (!refusesDuplicates(entry.index)) continue
      const owner = this.owner(entry.index, entry.key)
      if (owner !== undefined && !owner.equals(idKey)) throw duplicateEntry(coll, entry, after)
    }
    for (const { index, key } of released)
      if (refusesDuplicates(index)) this.owners.set(entryResource(index, key), undefined)
    for (const { index, key } of taken) if (refusesDuplicates(index)) this.owners.set(entryResource(index, key), idKey)
    const versions = this.versions.get(coll) ?? new Map<string, Version>()
    this.versions.set(coll, versions)
    const place = idKey.toString('latin1')
    versions.set(place, { idKey, raw: after, change: versions.has(place) ? undefined : change })
  }

  /** Whether the transaction may start again unnoticed: nothing was answered and nothing written. */
  get restartable(): boolean {
    return this.pristine && this.versions.size === 0
  }

  /** Starts again from what is committed now. Only while `restartable`. */
  restart(): void {
    this.locks.release(this.held)
    this.held.clear()
    this.snapshot?.done()
    this.startedAfter = this.storage.committedSequence
    this.snapshot = this.storage.snapshot()
  }

  /** Lets go of the snapshot and all locks, and wakes who waits for them. */
  end(state: 'committed' | 'aborted'): void {
    if (this.state === 'committed' || this.state === 'aborted') return
    this.state = state
    this.snapshot?.done()
    this.locks.release(this.held)
    this.held.clear()
    this.versions.clear()
    this.owners.clear()
    this.finish()
  }
}
