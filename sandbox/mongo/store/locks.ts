/** Who holds a lock: a transaction that tells when it ends, and whose end it waits for itself. */
export interface Holder {
  readonly ended: Promise<void>
  waitsFor: Holder | undefined
}

/** Thrown when a write meets the uncommitted write of a transaction. */
export class Locked extends Error {
  readonly holder: Holder

  constructor(holder: Holder) {
    super('The document is being changed by a transaction')
    this.holder = holder
  }
}

/**
 * Who is writing what, and when it was last written. A resource is a document's key or a unique index entry, as text.
 * `changedAfter` is what makes a transaction's write fail when the document was committed after its snapshot.
 */
export class Locks {
  private readonly holders = new Map<string, Holder>()
  private readonly changed = new Map<string, number>()
  private readonly order: { sequence: number; resource: string }[] = []
  private oldest = 0

  holder(resource: string): Holder | undefined {
    return this.holders.get(resource)
  }

  hold(resource: string, holder: Holder): void {
    this.holders.set(resource, holder)
  }

  release(resources: Iterable<string>): void {
    for (const resource of resources) this.holders.delete(resource)
  }

  /** Throws Locked if a transaction holds any of the resources. */
  mustBeFree(resource: string): void {
    if (this.holders.size === 0) return
    const holder = this.holders.get(resource)
    if (holder !== undefined) throw new Locked(holder)
  }

  noteChange(resource: string, sequence: number): void {
    this.changed.set(resource, sequence)
    this.order.push({ sequence, resource })
  }

  changedAfter(resource: string, sequence: number): boolean {
    return (this.changed.get(resource) ?? 0) > sequence
  }

  /** Forgets changes that no open snapshot can miss: those up to `sequence`. */
  forget(sequence: number): void {
    while (this.oldest < this.order.length) {
      const entry = this.order[this.oldest]
      if (entry === undefined || entry.sequence > sequence) break
      if (this.changed.get(entry.resource) === entry.sequence) this.changed.delete(entry.resource)
      this.oldest++
    }
    if (this.oldest === this.order.length || this.oldest > 10000) {
      this.order.splice(0, this.oldest)
      this.oldest = 0
    }
  }
}
