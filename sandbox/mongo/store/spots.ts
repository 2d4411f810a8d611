/** Numbers kept of each value. */
const PARTS = 4

/** The values one path leads to in a document, as an index sees them: of an array each element. */
export class Spots {
  /** How many values there are. */
  count = 0
  /** Where the array lies that was met on the way; 0: none. */
  array = 0
  /** In that array's elements the path may end at arrays again. */
  nested = false
  /** Other elements than documents were met, or arrays on the way within the array: there is not one end of the path to each element. */
  torn = false
  /** The field is there at all. */
  present = false
  /** Of each value its BSON type, where it begins and ends, and the number of the array's element it is in. */
  private at = new Int32Array(PARTS * 16)

  clear(): void {
    this.count = 0
    this.array = 0
    this.nested = false
    this.torn = false
    this.present = false
  }

  add(type: number, start: number, end: number, element: number): void {
    const place = this.count * PARTS
    if (place === this.at.length) {
      const grown = new Int32Array(place * 2)
      grown.set(this.at)
      this.at = grown
    }
    this.at[place] = type
    this.at[place + 1] = start
    this.at[place + 2] = end
    this.at[place + 3] = element
    this.count++
  }

  type(i: number): number {
    return this.at[i * PARTS] ?? 0
  }

  start(i: number): number {
    return this.at[i * PARTS + 1] ?? 0
  }

  end(i: number): number {
    return this.at[i * PARTS + 2] ?? 0
  }

  element(i: number): number {
    return this.at[i * PARTS + 3] ?? 0
  }
}
