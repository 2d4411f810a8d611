import type { Clock } from '../../platform/clock.ts'
import {
  FIRST_BLOCK_MS,
  LONGEST_BLOCK_MS,
  PLACE_AGAIN_MS,
  WIDEN_MS,
  type Answer,
  type Ask,
  type Ledger,
} from './ledger.ts'
import { manners, type PathLimits } from './limits.ts'

/** What one process allows itself of every limit while it cannot ask the others: as if there were five of it. */
const SHARE = 0.2
const PLACES_SHARE = 0.3

type Block = { readonly until: number; readonly ms: number; readonly probing: number }

/** The ledger of this process alone. It also remembers every block it hears of, so that nothing is asked while one lasts. */
export type OwnLedger = Ledger & {
  blockedMs(at: string): number
  /** Whether a block of `at` is known, over or not. */
  knows(at: string): boolean
  note(at: string, afterMs: number): void
  /** The same as `block`, at once. */
  halt(at: string): number
}

export const createOwnLedger = (clock: Clock): OwnLedger => {
  const freeAt = new Map<string, number>()
  const blocks = new Map<string, Block>()
  const narrowed = new Map<string, { readonly places: number; readonly since: number }>()
  const held = new Map<string, Map<string, number>>()

  const places = ({ group, parallel }: PathLimits): number => {
    const most = Math.max(1, Math.floor(parallel * PLACES_SHARE))
    const less = narrowed.get(group)
    return less ? Math.min(most, less.places + Math.floor((clock.now() - less.since) / WIDEN_MS)) : most
  }
  const blockedMs = (at: string): number => {
    const block = blocks.get(at)
    const ms = block ? block.until - clock.now() : 0
    return block && ms <= block.ms ? Math.max(0, ms) : 0
  }

  /** How many calls the limits allow now, and when the next one may be made. */
  const room = ({ limits, urgency, back }: Ask): { free: number; waitMs: number } => {
    const now = clock.now()
    let [free, waitMs] = [Infinity, 0]
    for (const { field, burst: whole, stepMs: step } of limits.buckets) {
      const [burst, stepMs] = [Math.max(1, whole * SHARE), step / SHARE]
      const before = freeAt.get(field) ?? now
      // Further away than it can be: written before the clock went back.
      const at = Math.max(now, (before > now + burst * stepMs + 1 ? now : before) - back * stepMs)
      freeAt.set(field, at)
      const here = burst - (at - now) / stepMs - Math.min(manners[urgency].leaves * burst, burst - 1)
      free = Math.min(free, Math.floor(here + 0.001))
      if (here < 0.999) waitMs = Math.max(waitMs, Math.ceil((1 - here) * stepMs))
    }
    return { free, waitMs }
  }

  const hold = ({ limits, lane }: Ask, slots: number): void => {
    const lanes = held.get(limits.group) ?? new Map<string, number>()
    if (slots > 0) lanes.set(lane, slots)
    else lanes.delete(lane)
    held.set(limits.group, lanes)
  }

  const take = (ask: Ask): Answer => {
    const { at, limits, lane, running, probeMs } = ask
    const { free, waitMs } = room(ask)
    const parallel = places(limits)
    const others = [...(held.get(limits.group) ?? [])].reduce((sum, [who, n]) => (who === lane ? sum : sum + n), 0)
    hold(ask, running)
    if (ask.calls === 0) return { state: 'granted', calls: 0, slots: running, parallel, probe: false }
    const afterMs = blockedMs(at)
    if (afterMs > 0) return { state: 'blocked', afterMs }
    const block = blocks.get(at)
    if (block && block.probing > clock.now()) return { state: 'wait', why: 'place', afterMs: PLACE_AGAIN_MS }
    if (free < 1) return { state: 'wait', why: 'rate', afterMs: waitMs }
    const slots = Math.max(running, Math.min(block ? running + 1 : ask.slots, parallel - others))
    if (slots <= running) return { state: 'wait', why: 'place', afterMs: PLACE_AGAIN_MS }
    hold(ask, slots)
    const calls = block ? 1 : Math.min(ask.calls, free)
    for (const { field, stepMs } of limits.buckets)
      freeAt.set(field, (freeAt.get(field) ?? clock.now()) + (calls * stepMs) / SHARE)
    if (block) blocks.set(at, { ...block, probing: clock.now() + probeMs })
    return { state: 'granted', calls, slots, parallel, probe: block !== undefined }
  }

  const halt = (at: string): number => {
    const left = blockedMs(at)
    if (left > 0) return left
    const before = blocks.get(at)
    const ms = before ? Math.min(Math.max(before.ms, FIRST_BLOCK_MS / 2) * 2, LONGEST_BLOCK_MS) : FIRST_BLOCK_MS
    blocks.set(at, { until: clock.now() + ms, ms, probing: 0 })
    return ms
  }

  return {
    blockedMs,
    knows: (at) => blocks.has(at),
    note: (at, afterMs) => void blocks.set(at, { until: clock.now() + afterMs, ms: afterMs, probing: 0 }),
    halt,
    take: (ask) => Promise.resolve(take(ask)),
    block: (at) => Promise.resolve(halt(at)),
    pass: async (at) => {
      if (blockedMs(at) === 0) blocks.delete(at)
    },
    narrow: async (limits) => {
      const since = narrowed.get(limits.group)?.since ?? -Infinity
      if (clock.now() - since < 1000) return
      narrowed.set(limits.group, { places: Math.max(1, Math.floor(places(limits) / 2)), since: clock.now() })
    },
  }
}
