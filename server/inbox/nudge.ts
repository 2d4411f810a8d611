import type { EnqueueMany } from '../flow/jobs.ts'
import { createGather } from '../platform/gather.ts'
import type { InboxDoc } from './inbox.model.ts'

const perJob = 100

export type Nudge = (docs: readonly Pick<InboxDoc, '_id' | 'handlers'>[]) => Promise<void>

/** Hands records to their handlers: one job per lane and 100 records. What comes while a hand-over is under way goes with the next. */
export const createNudge = (enqueueMany: EnqueueMany): Nudge => {
  const handOver = async (lists: readonly Parameters<Nudge>[0][]): Promise<readonly void[]> => {
    const docs = lists.flat()
    const idsOf = (lane: 'now' | 'soon'): string[] =>
      docs
        .filter(({ handlers }) => handlers.some((one) => one.lane === lane && one.state === 'pending'))
        .map(({ _id }) => _id)
    const jobs = (['now', 'soon'] as const).flatMap((lane) => {
      const ids = idsOf(lane)
      return Array.from({ length: Math.ceil(ids.length / perJob) }, (_each, i) => ({
        name: lane === 'now' ? ('inbox.handle_now' as const) : ('inbox.handle' as const),
        payload: { ids: ids.slice(i * perJob, (i + 1) * perJob) },
      }))
    })
    if (jobs.length > 0) await enqueueMany(jobs)
    return lists.map(() => undefined)
  }
  return createGather(handOver)
}
