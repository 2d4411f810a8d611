import type { PathLimits, Urgency } from './limits.ts'

/** A lane asks for calls and places, and gives back what it did not use of the last grant. */
export type Ask = {
  /** Names the lane among all of all processes. */
  readonly lane: string
  /** What WeCom blocks: the path, or the path of one robot. */
  readonly at: string
  readonly limits: PathLimits
  readonly urgency: Urgency
  readonly calls: number
  readonly back: number
  /** Places wanted, those of the running calls included. */
  readonly slots: number
  readonly running: number
  /** How long the first call after a block may take. */
  readonly probeMs: number
}

export type Answer =
  | {
      readonly state: 'granted'
      readonly calls: number
      readonly slots: number
      /** Places there are, of all lanes together. */
      readonly parallel: number
      /** The first call after a block: it goes alone. */
      readonly probe: boolean
    }
  /** WeCom wants the path left alone. */
  | { readonly state: 'blocked'; readonly afterMs: number }
  /** Used up for now (`rate`), or others are at work (`place`). */
  | { readonly state: 'wait'; readonly why: 'rate' | 'place'; readonly afterMs: number }

/** Who keeps count: Redis for all processes, or a process for itself while Redis is away. */
export type Ledger = {
  take(ask: Ask): Promise<Answer>
  /** WeCom answered 45009: nothing of `at` from now on; answers for how long. */
  block(at: string, limits: PathLimits): Promise<number>
  /** A call of `at` went through after a block. */
  pass(at: string): Promise<void>
  /** WeCom answered 45033: half as many places, one more every half minute. */
  narrow(limits: PathLimits): Promise<void>
}

/** The first block lasts as long as WeCom's of a minute; each that follows at once twice as long. */
export const FIRST_BLOCK_MS = 60_000
export const LONGEST_BLOCK_MS = 60 * 60_000
/** The clocks of processes differ by no more. */
export const SKEW_MS = 60_000
/** One more place in this time. */
export const WIDEN_MS = 30_000
/** Places of a lane that is heard of no more are free again after this. */
export const LEASE_MS = 3000
/** How soon a lane asks again when others are at work. */
export const PLACE_AGAIN_MS = 25
