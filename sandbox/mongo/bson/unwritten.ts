/** A BSON document that is written when its place is known, so that what it is put together of is copied once. */
export class Unwritten {
  /** Bytes it takes. */
  readonly length: number
  /** Writes it to `out` from `at` on. */
  readonly writeTo: (out: Buffer, at: number) => void

  constructor(length: number, writeTo: (out: Buffer, at: number) => void) {
    this.length = length
    this.writeTo = writeTo
  }
}
