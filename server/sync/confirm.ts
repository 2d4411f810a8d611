import type { Clock } from '../platform/clock.ts'
import { eachOf } from '../platform/parallel.ts'
import type { Log } from '../platform/log.ts'
import type { GapDoc } from './gaps.model.ts'
import type { Gaps } from './gaps.ts'
import type { Recheck } from './recheck.ts'

const atOnce = 5
const lookMs = 1_500
/** Under way in another process, or WeCom was away: again after this long. */
export const againMs = 30_000

type Deps = {
  gaps: Gaps
  clock: Clock
  log: Log
  recheck: Recheck
  /** The inbox: takes an event in as if it had been called back. */
  take: (event: { event: string; fields: Record<string, unknown>; createTime: Date | null }) => Promise<string>
  /** A gap was repaired. */
  repaired: (gap: GapDoc) => Promise<void>
  statesOf: (inboxIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** 'sync.confirm': what still differs is given to the handlers of the callback that never came; then its end is awaited. */
export const createConfirm = ({ gaps, clock, log, recheck, take, repaired, statesOf }: Deps) => {
  const suspected = async (gap: GapDoc): Promise<void> => {
    const missed = await recheck(gap)
    if (missed === null) return gaps.drop(gap._id)
    const fields = { ...missed.fields, from: 'sys', repair: gap._id }
    const inboxId = await take({ event: missed.event, fields, createTime: missed.at })
    log.warn({ gap: gap._id, kind: gap.kind, event: missed.event }, 'a callback never came; repaired')
    await gaps.found(gap._id, inboxId, new Date(clock.now() + lookMs))
  }

  const found = async (gap: GapDoc, state: string | undefined): Promise<void> => {
    if (state === 'pending') return gaps.later([gap._id], new Date(clock.now() + lookMs))
    if (state !== 'dead') await repaired(gap)
    await gaps.end(gap._id, state === 'dead' ? 'failed' : 'repaired')
  }

  return async (ids: readonly string[]): Promise<void> => {
    const docs = await gaps.load(ids)
    const states = await statesOf(docs.flatMap(({ inboxId }) => inboxId ?? []))
    await eachOf(docs, atOnce, async (gap) => {
      if (gap.state === 'found' && gap.inboxId !== null) return found(gap, states.get(gap.inboxId))
      await suspected(gap)
    })
  }
}
