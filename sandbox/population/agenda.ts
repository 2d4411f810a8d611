/** What is next, of many things with a time: a binary heap of plain numbers, so that a million entries take some 20 MB. */
export class Agenda {
  private times = new Float64Array(1024)
  private keys = new Float64Array(1024)
  private counts = new Uint16Array(1024)
  size = 0

  /** Time of the next entry, Infinity when there is none. */
  get nextAt(): number {
    return this.size > 0 ? (this.times[0] ?? Infinity) : Infinity
  }

  /** `key` names who and what, `count` how often so far (up to 65,535). Of one time the lower key comes first. */
  add(time: number, key: number, count: number): void {
    if (this.size === this.times.length) this.grow()
    this.size += 1
    let at = this.size - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.comesBefore(time, key, parent)) break
      this.move(parent, at)
      at = parent
    }
    this.put(at, time, key, count)
  }

  /** Takes the next entry out; undefined when there is none. */
  take(): { time: number; key: number; count: number } | undefined {
    if (this.size === 0) return undefined
    const taken = this.read(0)
    this.size -= 1
    const last = this.read(this.size)
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= this.size) break
      const right = left + 1
      const { time, key } = this.read(right < this.size ? right : left)
      const child = right < this.size && this.comesBefore(time, key, left) ? right : left
      if (this.comesBefore(last.time, last.key, child)) break
      this.move(child, at)
      at = child
    }
    if (this.size > 0) this.put(at, last.time, last.key, last.count)
    return taken
  }

  private read(at: number): { time: number; key: number; count: number } {
    return { time: this.times[at] ?? Infinity, key: this.keys[at] ?? 0, count: this.counts[at] ?? 0 }
  }

  private comesBefore(time: number, key: number, at: number): boolean {
    const other = this.times[at] ?? Infinity
    return time < other || (time === other && key < (this.keys[at] ?? 0))
  }

  private put(at: number, time: number, key: number, count: number): void {
    this.times[at] = time
    this.keys[at] = key
    this.counts[at] = count
  }

  private move(from: number, to: number): void {
    this.put(to, this.times[from] ?? Infinity, this.keys[from] ?? 0, this.counts[from] ?? 0)
  }

  private grow(): void {
    const { times, keys, counts } = this
    this.times = new Float64Array(times.length * 2)
    this.keys = new Float64Array(times.length * 2)
    this.counts = new Uint16Array(times.length * 2)
    this.times.set(times)
    this.keys.set(keys)
    this.counts.set(counts)
  }
}
