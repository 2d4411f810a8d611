import type { PushEntry } from '@zhiyin/shared/api/push-plans'
import { momentOf } from '@zhiyin/shared/zone'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Audience } from './push-audience.ts'
import type { PushPlans } from './push-plans.ts'
import { pushModel, type PushDoc } from './pushes.model.ts'

const dayMs = 86_400_000
const mostShown = 1000

type Deps = {
  mongo: Mongo
  clock: Clock
  zone: string
  audience: Audience
  plans: Pick<PushPlans, 'all' | 'turnsBetween' | 'timesNow'>
}

/** Everything that goes to groups on some days: to come by the plans that are on, gone, and skipped. */
export const createPushCalendar = ({ mongo, clock, zone, audience, plans }: Deps) => {
  const pushes = pushModel(mongo.connection)

  const gone = async (from: Date, to: Date): Promise<PushEntry[]> => {
    const found = await pushes
      .find({ dueAt: { $gte: from, $lt: to } })
      .sort({ dueAt: -1, _id: -1 })
      .limit(mostShown)
      .lean<PushDoc[]>()
    return found.map(({ _id, dueAt, content, plan, skipped, groups }) => ({
      at: dueAt.toISOString(),
      content,
      plan: plan === null ? null : { id: plan.id, name: plan.name },
      state: skipped === null ? 'gone' : 'skipped',
      groups: groups.length,
      pushId: _id,
      skipped,
    }))
  }

  const planned = async (from: Date, to: Date): Promise<PushEntry[]> => {
    const times = await plans.timesNow()
    const rows = (await plans.all()).flatMap((plan) =>
      plans.turnsBetween(plan, from, to, times).map(({ item, turn }) => ({ plan, item, turn })),
    )
    const items = [...new Map(rows.map(({ item }) => [item.id, item])).values()]
    const counts = new Map(
      await Promise.all(items.map(async ({ id, audience: to }) => [id, await audience.count(to)] as const)),
    )
    return rows.map(({ plan, item, turn }) => ({
      at: turn.at.toISOString(),
      content: item.content,
      plan: { id: plan._id, name: plan.name },
      state: 'planned',
      groups: counts.get(item.id) ?? 0,
      pushId: null,
      skipped: null,
    }))
  }

  /** `from`: a local day, YYYY-MM-DD. In the order of time. */
  return async (from: string, days: number): Promise<PushEntry[]> => {
    const first = Date.parse(`${from}T00:00:00Z`) / dayMs
    const [start, end] = [momentOf(first, 0, zone), momentOf(first + days, 0, zone)]
    // What is due and has not gone yet is still to come.
    const soon = new Date(Math.max(start.getTime(), clock.now() - 10 * 60_000))
    const [past, future] = await Promise.all([gone(start, end), soon < end ? planned(soon, end) : []])
    return [...past, ...future].toSorted((a, b) => a.at.localeCompare(b.at))
  }
}

export type PushCalendar = ReturnType<typeof createPushCalendar>
