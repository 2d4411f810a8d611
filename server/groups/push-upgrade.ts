import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel } from './groups.model.ts'
import { pushPlanModel, type PushPlanDoc } from './push-plans.model.ts'
import { pushModel } from './pushes.model.ts'
import { z } from 'zod'

/** A plan as it was kept when it was one content for named groups. */
const Former = z.object({
  _id: z.string(),
  key: z.string(),
  contentId: z.string(),
  content: z.string(),
  groupIds: z.array(z.string()),
  schedule: z.discriminatedUnion('type', [
    z.object({ type: z.literal('once'), at: z.string() }),
    z.object({ type: z.literal('repeated'), at: z.string(), weekdays: z.array(z.number()) }),
  ]),
  on: z.boolean(),
  nextAt: z.date().optional(),
  lastAt: z.date().nullish(),
  createdAt: z.date(),
})

const planOf = (former: z.infer<typeof Former>, now: Date): PushPlanDoc => {
  const { _id, key, contentId, content, groupIds, schedule, on, nextAt, lastAt, createdAt } = former
  return {
    _id,
    key,
    name: content.slice(0, 60),
    on,
    pausedAt: null,
    lateHours: 6,
    items: [
      {
        id: _id,
        contentId,
        content,
        audience: { type: 'named', groupIds },
        schedule:
          schedule.type === 'once' ? { type: 'dates', at: [schedule.at] } : { ...schedule, monthdays: [], days: 'any' },
        until: null,
        onlyVariants: false,
        // What was to come next still comes; its minute was chosen from the plan's id, which the line keeps.
        since: new Date(Math.min(now.getTime(), (nextAt ?? now).getTime() - 1)),
        handled: null,
        nextAt: nextAt ?? null,
        lastAt: lastAt ?? null,
        problem: null,
      },
    ],
    rev: 1,
    edits: 1,
    ...(on && nextAt !== undefined ? { lookAt: nextAt } : {}),
    createdAt,
    changedAt: createdAt,
    changedBy: '',
  }
}

/** Plans and pushes from before plans had lines. Running it again changes nothing: what it looks for is gone then. */
export const upgradePushes = async ({ connection }: Pick<Mongo, 'connection'>, clock: Clock): Promise<void> => {
  const plans = pushPlanModel(connection).collection
  for (const doc of await plans.find({ items: { $exists: false } }).toArray()) {
    const { _id, ...plan } = planOf(Former.parse(doc), clock.date())
    await plans.replaceOne({ _id: doc._id, items: { $exists: false } }, plan)
  }
  const pushes = pushModel(connection)
  const former = await pushes.find({ dueAt: { $exists: false } }, { at: 1, groups: 1 }).lean()
  if (former.length === 0) return
  const ids = [...new Set(former.flatMap(({ groups }) => groups.map(({ id }) => id)))]
  const kinds = new Map(
    (
      await groupModel(connection)
        .find({ _id: { $in: ids } }, { kind: 1 })
        .lean()
    ).map(({ _id, kind }) => [_id, kind]),
  )
  await pushes.bulkWrite(
    former.map(({ _id, at, groups }) => ({
      updateOne: {
        filter: { _id, dueAt: { $exists: false } },
        update: {
          $set: {
            dueAt: at,
            plan: null,
            skipped: null,
            groups: groups.map((group) => ({ ...group, kind: kinds.get(group.id) ?? 'customer' })),
          },
        },
      },
    })),
  )
}
