import { createHash } from 'node:crypto'

/** A stream of chance that is the same for the same seed. */
export type Chance = {
  /** 0 up to, not including, 1. */
  next(): number
  /** A whole number, both ends included. */
  int(from: number, to: number): number
  /** True so often of 1. */
  is(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** Waiting times: `shape` 1 is pure chance, 10 is nearly regular. */
  gamma(mean: number, shape: number): number
}

/** A stream of its own for these words and numbers: what one person does never depends on what another did. */
export const chanceOf = (...seed: readonly (string | number)[]): Chance => {
  let state = createHash('sha1').update(seed.join('|')).digest().readUInt32BE(0)
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

  /** Marsaglia and Tsang (2000), for a shape of at least 1. */
  const gamma = (mean: number, shape: number): number => {
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v * mean) / shape
    }
  }

  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    is: (share) => next() < share,
    pick: (list) => {
      const found = list[Math.floor(next() * list.length)]
      if (found === undefined) throw new RangeError('nothing to pick from')
      return found
    },
    gamma,
  }
}
