/** A stream of chance that is the same for the same seed, on every machine. */
export type Chance = {
  /** 0 up to, not including, 1. */
  next(): number
  /** A whole number, both ends included. */
  int(from: number, to: number): number
  /** True so often of 1. */
  is(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** Gamma by its mean; as a waiting time, `shape` 1 is pure chance and 10 nearly regular. */
  gamma(mean: number, shape: number): number
  beta(a: number, b: number): number
}

const mixed = (word: number): number => {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

/** Four well mixed words of a text, one per lane (the finalizer is MurmurHash3's). */
const wordsOf = (text: string): [number, number, number, number] => {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef]
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ code, 0x238f13af)
    b = c ^ Math.imul(b ^ code, 0xb3f0d1e9)
    c = d ^ Math.imul(c ^ code, 0x3c6ef372)
    d = a ^ Math.imul(d ^ code, 0xa54ff53b)
  }
  return [mixed(a ^ d), mixed(b ^ a), mixed(c ^ b), mixed(d ^ c)]
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, so that millions of streams do not meet. A class, not closures: a stream is
 * made for nearly every deed.
 */
class Sfc32 implements Chance {
  private a: number
  private b: number
  private c: number
  private count: number

  constructor(text: string) {
    const [a, b, c, count] = wordsOf(text)
    this.a = a
    this.b = b
    this.c = c
    this.count = count
    for (let i = 0; i < 12; i += 1) this.next()
  }

  next(): number {
    const sum = (this.a + this.b + this.count) | 0
    this.count = (this.count + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }

  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  is(share: number): boolean {
    return this.next() < share
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)]
    if (found === undefined) throw new RangeError('nothing to pick from')
    return found
  }

  gamma(mean: number, shape: number): number {
    return (this.standardGamma(shape) * mean) / shape
  }

  beta(a: number, b: number): number {
    const x = this.standardGamma(a)
    return x / (x + this.standardGamma(b))
  }

  /** Scale 1. Marsaglia and Tsang (2000) for a shape of at least 1, their boost for less. */
  private standardGamma(shape: number): number {
    // Not `**`: it gives other last digits in Node 24 than in Node 20 and 22.
    if (shape < 1) return this.standardGamma(shape + 1) * Math.exp(Math.log(1 - this.next()) / shape)
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
      const w = 1 + c * x
      const v = w * w * w
      if (v > 0 && Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }
}

/** A stream of its own for these words and numbers: what one person does never depends on what another did. */
export const chanceOf = (...seed: readonly (string | number)[]): Chance => new Sfc32(seed.join('|'))
