import type { z } from 'zod'

/**
 * Rows of one kind by key, in the order they were first set. Rows are never changed in place: `set` a new object, so that the
 * journal and the page hear of it.
 */
export class Table<T> {
  readonly name: string
  readonly #schema: z.ZodType<T>
  readonly #changed: (table: string, key: string, value: T | null) => void
  readonly #rows = new Map<string, T>()

  constructor(name: string, schema: z.ZodType<T>, changed: (table: string, key: string, value: T | null) => void) {
    this.name = name
    this.#schema = schema
    this.#changed = changed
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: string): T | undefined {
    return this.#rows.get(key)
  }

  has(key: string): boolean {
    return this.#rows.has(key)
  }

  /** All rows; a copy is not made, so collect before changing the table while walking. */
  values(): IterableIterator<T> {
    return this.#rows.values()
  }

  keys(): IterableIterator<string> {
    return this.#rows.keys()
  }

  entries(): IterableIterator<[string, T]> {
    return this.#rows.entries()
  }

  set(key: string, row: T): T {
    this.#rows.set(key, row)
    this.#changed(this.name, key, row)
    return row
  }

  delete(key: string): boolean {
    const had = this.#rows.delete(key)
    if (had) this.#changed(this.name, key, null)
    return had
  }

  clear(): void {
    for (const key of this.#rows.keys()) this.delete(key)
  }

  /** Puts back a row of an earlier run; throws when it does not have the shape any more. */
  restore(key: string, value: unknown): void {
    if (value === null) this.#rows.delete(key)
    else this.#rows.set(key, this.#schema.parse(value))
  }
}
