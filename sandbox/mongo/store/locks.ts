/** Who holds a lock: a transaction, and the resource it waits for itself. */
export interface Holder {
  waitsFor: string | undefined
}

/** Thrown when a write meets the uncommitted write of a transaction. */
export class Locked extends Error {
  readonly resource: string

  constructor(resource: string) {
    super('The document is being changed by a transaction')
    this.resource = resource
  }
}

/** Someone in line for a resource. `alone` is who will hold it; the others only write once and may go together. */
interface Waiter {
  alone: boolean
  wake(): void
}

/** Those in line for one resource, and how many of them have been called and have not said yet that they are done. */
interface Line {
  waiting: Waiter[]
  called: number
}

/** Tells the lock that the caller has made its try, so that the next in line gets its turn. */
export type Done = () => void

/**
 * Who is writing what, and when it was last written. A resource is a document's key or a unique index entry, as text.
 * `changedAfter` is what makes a transaction's write fail when the document was committed after its snapshot.
 * Whoever meets a lock stands in line and is called when it is his turn: a hundred who want one document try once each, not each time
 * the document becomes free.
 */
export class Locks {
  private readonly holders = new Map<string, Holder>()
  private readonly lines = new Map<string, Line>()
  private readonly changed = new Map<string, number>()
  private notes: { sequence: number; resources: () => readonly string[] }[] = []
  /** How many of the notes have been read into `changed`. */
  private read = 0

  holder(resource: string): Holder | undefined {
    return this.holders.get(resource)
  }

  hold(resource: string, holder: Holder): void {
    this.holders.set(resource, holder)
  }

  release(resources: Iterable<string>): void {
    for (const resource of resources) {
      this.holders.delete(resource)
      this.callNext(resource)
    }
  }

  /** Whether nothing is held at all. */
  get none(): boolean {
    return this.holders.size === 0
  }

  /** Throws Locked if a transaction holds the resource. */
  mustBeFree(resource: string): void {
    if (this.holders.has(resource)) throw new Locked(resource)
  }

  /**
   * Waits for one's turn at a resource; its answer must be called after the try. Undefined when `patience` milliseconds passed before.
   * `again` puts the caller first in line, for one who was called and found that somebody else had been faster.
   */
  turn(resource: string, { alone, again = false, patience }: TurnOptions): Promise<Done | undefined> {
    const line = this.lines.get(resource) ?? { waiting: [], called: 0 }
    this.lines.set(resource, line)
    return new Promise((resolve) => {
      const late = (): void => {
        line.waiting.splice(line.waiting.indexOf(waiter), 1)
        this.callNext(resource)
        resolve(undefined)
      }
      const timer = patience === undefined ? undefined : setTimeout(late, patience)
      const waiter: Waiter = {
        alone,
        wake: () => {
          clearTimeout(timer)
          resolve(() => {
            line.called--
            this.callNext(resource)
          })
        },
      }
      if (again) line.waiting.unshift(waiter)
      else line.waiting.push(waiter)
      this.callNext(resource)
    })
  }

  /** Calls the first in line if the resource is free, and with one who only writes once the others like him behind him. */
  private callNext(resource: string): void {
    const line = this.lines.get(resource)
    if (line === undefined || line.called > 0 || this.holders.has(resource)) return
    for (let next = line.waiting[0]; next !== undefined; next = line.waiting[0]) {
      if (line.called > 0 && next.alone) return
      line.waiting.shift()
      line.called++
      next.wake()
      if (next.alone) return
    }
    if (line.called === 0) this.lines.delete(resource)
  }

  /** Whether waiting for a resource would mean waiting for oneself. */
  isDeadlock(waiting: Holder, resource: string): boolean {
    const seen = new Set<string>()
    for (let next: string | undefined = resource; next !== undefined && !seen.has(next);) {
      seen.add(next)
      const holder = this.holders.get(next)
      if (holder === waiting) return true
      next = holder?.waitsFor
    }
    return false
  }

  /** Notes what a write changed: `resources` tells it when somebody asks. */
  noteChange(sequence: number, resources: () => readonly string[]): void {
    this.notes.push({ sequence, resources })
  }

  /** Whether a resource was written by an action after `sequence`. */
  changedAfter(resource: string, sequence: number): boolean {
    this.readNotes()
    return (this.changed.get(resource) ?? 0) > sequence
  }

  /** Puts the notes into `changed`; from then on they keep names only, not the documents. */
  private readNotes(): void {
    for (; this.read < this.notes.length; this.read++) {
      const note = this.notes[this.read]
      if (note === undefined) continue
      const names = note.resources()
      for (const name of names) this.changed.set(name, note.sequence)
      note.resources = () => names
    }
  }

  /** Forgets changes that no open snapshot can miss: those up to `sequence`. */
  forget(sequence: number): void {
    let old = 0
    while ((this.notes[old]?.sequence ?? Infinity) <= sequence) old++
    for (const note of this.notes.slice(0, Math.min(old, this.read))) {
      for (const name of note.resources()) if (this.changed.get(name) === note.sequence) this.changed.delete(name)
    }
    if (old > 0) this.notes = this.notes.slice(old)
    this.read = Math.max(0, this.read - old)
    this.readNotes()
  }
}

interface TurnOptions {
  alone: boolean
  again?: boolean
  patience?: number
}
