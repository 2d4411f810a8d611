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
  const mixed = (word: number): number => {
    const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
    const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
    return twice ^ (twice >>> 16)
  }
  return [mixed(a ^ d), mixed(b ^ a), mixed(c ^ b), mixed(d ^ c)]
}

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, so that millions of streams do not meet. */
const sfc32 = (text: string): (() => number) => {
  let [a, b, c, count] = wordsOf(text)
  const next = (): number => {
    const sum = (a + b + count) | 0
    count = (count + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i += 1) next()
  return next
}

/** Marsaglia and Tsang (2000) for a shape of at least 1, their boost for less; scale 1. */
const standardGamma = (next: () => number, shape: number): number => {
  if (shape < 1) return standardGamma(next, shape + 1) * (1 - next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** A stream of its own for these words and numbers: what one person does never depends on what another did. */
export const chanceOf = (...seed: readonly (string | number)[]): Chance => {
  const next = sfc32(seed.join('|'))
  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    is: (share) => next() < share,
    pick: (list) => {
      const found = list[Math.floor(next() * list.length)]
      if (found === undefined) throw new RangeError('nothing to pick from')
      return found
    },
    gamma: (mean, shape) => (standardGamma(next, shape) * mean) / shape,
    beta: (a, b) => {
      const x = standardGamma(next, a)
      return x / (x + standardGamma(next, b))
    },
  }
}
