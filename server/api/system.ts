import { system } from '@zhiyin/shared/api/system'
import type { BacklogOf } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { bind, type Bound } from './bind.ts'

/** What every stage has unfinished; all at rest means that every effect of what came in can be seen. */
export const systemApi = (backlogs: readonly BacklogOf[], clock: Clock): Bound[] => [
  bind(system.backlog, async () => {
    const now = clock.date()
    const stages = await Promise.all(
      backlogs.map(async (backlog) => {
        const { oldestAt, ...counts } = await backlog.count(now)
        return { stage: backlog.stage, ...counts, oldestAt: oldestAt?.toISOString() ?? null }
      }),
    )
    return { now: now.toISOString(), idle: stages.every(({ pending, due }) => pending === 0 && due === 0), stages }
  }),
]
