import type { PushPlan, PushSchedule } from '@zhiyin/shared/api/push-plans'
import type { Tier } from '@zhiyin/shared/tier'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel } from './groups.model.ts'
import { pushPlanModel, type PushPlanDoc } from './push-plans.model.ts'
import { lastPush, nextPush } from './push-times.ts'
import type { Push } from './push.ts'

const perSweep = 50

export type PushPlanItem = Omit<PushPlan, 'nextAt' | 'lastAt'> & { nextAt: Date | null; lastAt: Date | null }

export type PushPlansDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  /** The company's time zone. */
  zone: string
  /** The content's name; throws not_found. */
  contentName: (id: string) => Promise<string>
  push: Push['push']
}

/** Pushes at their time, once per occurrence: the occurrence names the push, so whoever finds it due makes the same one. */
export const createPushPlans = ({ mongo, clock, newId, log, zone, contentName, push }: PushPlansDeps) => {
  const plans = pushPlanModel(mongo.connection)
  const groups = groupModel(mongo.connection)

  const living = (ids: readonly string[]): Promise<{ _id: string; name: string; tier: Tier }[]> =>
    groups.find({ _id: { $in: [...ids] }, dismissed: false }, { name: 1, tier: 1 }).lean()

  const itemsOf = async (docs: readonly PushPlanDoc[]): Promise<PushPlanItem[]> => {
    const found = new Map((await living(docs.flatMap(({ groupIds }) => groupIds))).map((group) => [group._id, group]))
    return docs.map(({ _id, contentId, content, groupIds, schedule, on, nextAt, lastAt, problem }) => ({
      id: _id,
      contentId,
      content,
      schedule,
      on,
      nextAt: nextAt ?? null,
      lastAt,
      problem,
      groups: groupIds.flatMap((id) => {
        const group = found.get(id)
        return group === undefined ? [] : [{ id, name: group.name, tier: group.tier }]
      }),
    }))
  }
  const itemOf = async (doc: PushPlanDoc | null, id: string): Promise<PushPlanItem> => {
    const [item] = doc === null ? [] : await itemsOf([doc])
    if (item === undefined) throw notFound('push plan', id)
    return item
  }

  /** The change that names the next occurrence after a moment, or that there is none. */
  const towards = (id: string, schedule: PushSchedule, after: Date) => {
    const next = nextPush(id, schedule, after, zone)
    return next === null
      ? { $set: { next: null }, $unset: { nextAt: 1 as const } }
      : { $set: { next: next.name, nextAt: next.at } }
  }

  const stop = (doc: PushPlanDoc, problem: 'content' | 'groups') =>
    plans.updateOne(
      { _id: doc._id, next: doc.next },
      { $set: { on: false, problem, next: null }, $unset: { nextAt: 1 } },
    )

  const fire = async (doc: PushPlanDoc, now: Date): Promise<void> => {
    const { _id, schedule, contentId, groupIds, next } = doc
    const alive = (await living(groupIds)).map((group) => group._id)
    if (alive.length === 0) return void (await stop(doc, 'groups'))
    try {
      await push({ key: `plan:${_id}:${lastPush(schedule, now, zone)}`, contentId, groupIds: alive })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
      log.warn({ err: error, plan: _id }, 'a planned push has lost its content and is switched off')
      return void (await stop(doc, 'content'))
    }
    const { $set, ...rest } = towards(_id, schedule, now)
    await plans.updateOne({ _id, next }, { $set: { ...$set, lastAt: now }, ...rest })
  }

  return {
    /** Idempotent by key. Throws not_found for an unknown content or group, request.invalid for a moment that has passed. */
    async create(ask: {
      key: string
      contentId: string
      groupIds: readonly string[]
      schedule: PushSchedule
    }): Promise<PushPlanItem> {
      const { key, contentId, schedule } = ask
      const had = await plans.findOne({ key }).lean()
      if (had !== null) return itemOf(had, key)
      const groupIds = [...new Set(ask.groupIds)]
      const found = await living(groupIds)
      const missing = groupIds.find((id) => !found.some(({ _id }) => _id === id))
      if (missing !== undefined) throw notFound('group', missing)
      const content = await contentName(contentId)
      const _id = newId('push')
      const createdAt = clock.date()
      const next = nextPush(_id, schedule, createdAt, zone)
      if (next === null) throw new AppError('request.invalid', { params: { field: 'schedule.at', problem: '< now' } })
      const doc = {
        _id,
        contentId,
        content,
        groupIds,
        schedule,
        on: true,
        nextAt: next.at,
        next: next.name,
        lastAt: null,
        problem: null,
        createdAt,
      }
      const stored = await plans
        .findOneAndUpdate({ key }, { $setOnInsert: doc }, { upsert: true, returnDocument: 'after' })
        .lean()
      return itemOf(stored, key)
    },

    /** Those with a next time first, the soonest of them first. */
    async list(): Promise<PushPlanItem[]> {
      const found = await itemsOf(await plans.find().sort({ createdAt: -1 }).limit(200).lean())
      const order = ({ nextAt }: PushPlanItem): number => nextAt?.getTime() ?? Number.MAX_SAFE_INTEGER
      return found.toSorted((a, b) => order(a) - order(b))
    },

    /** Switched on again, it goes on with the next occurrence from now. Throws not_found. */
    async setOn(id: string, on: boolean): Promise<PushPlanItem> {
      const doc = await plans.findById(id).lean()
      if (doc === null) throw notFound('push plan', id)
      const { $set, ...rest } = on
        ? towards(id, doc.schedule, clock.date())
        : { $set: { next: null }, $unset: { nextAt: 1 as const } }
      const change = { $set: { ...$set, on, problem: null }, ...rest }
      return itemOf(await plans.findByIdAndUpdate(id, change, { returnDocument: 'after' }).lean(), id)
    },

    /** Throws not_found. */
    async remove(id: string): Promise<void> {
      const { deletedCount } = await plans.deleteOne({ _id: id })
      if (deletedCount === 0) throw notFound('push plan', id)
    },

    sweep: {
      stage: 'push-plans',
      prompt: true,
      async run(now) {
        const due = await plans
          .find({ nextAt: { $lte: now } })
          .sort({ nextAt: 1 })
          .limit(perSweep)
          .lean()
        for (const doc of due) await fire(doc, now)
        return due.length
      },
    } satisfies Sweep,

    backlog: {
      stage: 'push-plans',
      async count(now) {
        const due = await plans
          .find({ nextAt: { $lte: now } }, { nextAt: 1 })
          .sort({ nextAt: 1 })
          .lean()
        return { pending: 0, due: due.length, dead: 0, oldestAt: due[0]?.nextAt ?? null }
      },
    } satisfies BacklogOf,
  }
}

export type PushPlans = ReturnType<typeof createPushPlans>
