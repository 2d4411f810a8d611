import type { BacklogOf } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { Customers, Recompute } from './types.ts'

export type Fresh = {
  readonly asOf: Date
  readonly overdue: number
  readonly building: { readonly done: number; readonly total: number } | null
}

type Deps = {
  clock: Clock
  recompute: Pick<Recompute, 'progress'>
  customers: Pick<Customers, 'count'>
  /** What decides memberships and is not counted yet: facts to fold, customers whose moment has passed. */
  backlogs: readonly BacklogOf[]
}

/** How current memberships are. All that happened before the oldest thing that waits counts already. */
export const createFreshness =
  ({ clock, recompute, customers, backlogs }: Deps) =>
  async (): Promise<Fresh> => {
    const now = clock.date()
    const [counts, progress] = await Promise.all([
      Promise.all(backlogs.map((backlog) => backlog.count(now))),
      recompute.progress(),
    ])
    const oldest = counts.flatMap(({ oldestAt }) => oldestAt ?? [])
    const times = [now, ...oldest].map((at) => at.getTime())
    const running = progress !== null && progress.doneAt === null
    return {
      asOf: new Date(Math.min(...times)),
      overdue: counts.reduce((sum, { pending, due }) => sum + pending + due, 0),
      building: running ? { done: progress.done, total: await customers.count({}) } : null,
    }
  }
