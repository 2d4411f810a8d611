/**
 * A list of the state kept in the order of its keys, each key once. The list it begins with is never changed, and as long as nothing is
 * set it is handed out as it came: a fact touches one list or two of a dozen, and what is the very same list need not be compared.
 */
export class Register<K extends string | number, V> {
  private held: readonly V[]
  private own: V[] | null = null
  private readonly keyOf: (value: V) => K

  constructor(values: readonly V[], keyOf: (value: V) => K) {
    this.held = values
    this.keyOf = keyOf
  }

  get values(): readonly V[] {
    return this.held
  }

  get(key: K): V | undefined {
    const found = this.held[this.placeOf(key)]
    return found !== undefined && this.keyOf(found) === key ? found : undefined
  }

  set(key: K, value: V): void {
    const place = this.placeOf(key)
    const found = this.held[place]
    this.own ??= [...this.held]
    this.held = this.own
    this.own.splice(place, found !== undefined && this.keyOf(found) === key ? 1 : 0, value)
  }

  /** Where a key is, or would be. */
  private placeOf(key: K): number {
    let [from, to] = [0, this.held.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      const value = this.held[middle]
      if (value !== undefined && this.keyOf(value) < key) from = middle + 1
      else to = middle
    }
    return from
  }
}
