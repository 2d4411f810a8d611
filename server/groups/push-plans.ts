import type { PushPlan } from '@zhiyin/shared/api/push-plans'
import { because } from '@zhiyin/shared/because'
import type { PushItemInput, PushPlanInput } from '@zhiyin/shared/push-plan'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { aimed } from './push-aim.ts'
import type { Audience } from './push-audience.ts'
import { plannedTurn } from './push-fire.ts'
import { pushPlanModel, type PushItemDoc, type PushPlanDoc } from './push-plans.model.ts'
import { nextTurn, sinceChanged, turnsOf, turnsUntil, type IsWorkday, type Times } from './push-turns.ts'
import type { Push } from './push.ts'

export type PushPlansDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  /** The company's time zone. */
  zone: string
  /** The company's calendar as it stands now. */
  workdays: () => Promise<IsWorkday>
  audience: Audience
  /** The content's name; throws not_found. */
  contentName: (id: string) => Promise<string>
  push: Pick<Push, 'skip' | 'takeBack' | 'waiting'>
}

const paused = because('block.plan_paused')
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const sameTimes = (was: PushItemDoc, now: PushItemDoc): boolean =>
  same(was.schedule, now.schedule) && was.until === now.until

/** Content plans: written, changed, switched on and paused by people, without a turn repeated or lost. */
export const createPushPlans = (deps: PushPlansDeps) => {
  const { mongo, clock, newId, zone, workdays, audience, contentName, push } = deps
  const plans = pushPlanModel(mongo.connection)

  const timesNow = async (): Promise<Times> => ({ zone, isWorkday: await workdays() })

  const present = async (doc: PushPlanDoc): Promise<PushPlan> => {
    const items = await Promise.all(
      doc.items.map(async ({ since: _since, handled: _handled, nextAt, lastAt, ...item }) => ({
        ...item,
        groups: await audience.count(item.audience),
        nextAt: nextAt?.toISOString() ?? null,
        lastAt: lastAt?.toISOString() ?? null,
      })),
    )
    const next = items.flatMap(({ nextAt }) => nextAt ?? []).toSorted()
    const { _id: id, name, on, lateHours, edits: rev, changedBy } = doc
    return {
      id,
      name,
      on,
      lateHours,
      items,
      nextAt: next[0] ?? null,
      rev,
      changedAt: doc.changedAt.toISOString(),
      changedBy,
    }
  }

  const load = async (id: string): Promise<PushPlanDoc> => {
    const doc = await plans.findById(id).lean<PushPlanDoc | null>()
    if (doc === null) throw notFound('push plan', id)
    return doc
  }

  /** A moment named for the first time has to be to come, and a line has to go at least once. */
  const checkTimes = (item: PushItemDoc, was: PushItemDoc | undefined, line: number, times: Times): void => {
    if (was !== undefined && sameTimes(was, item)) return
    const now = clock.now()
    const old = was?.schedule.type === 'dates' ? was.schedule.at : []
    const past =
      item.schedule.type === 'dates'
        ? item.schedule.at.find((at) => Date.parse(at) <= now && !old.includes(at))
        : undefined
    if (past !== undefined) throw new AppError('plan.past', { params: { line, at: Date.parse(past) } })
    if (nextTurn({ ...item, since: clock.date() }, times) === null)
      throw new AppError('plan.never', { params: { line } })
  }

  const checkGroups = async ({ audience: to }: PushItemInput, was: PushItemDoc | undefined): Promise<void> => {
    if (to.type !== 'named' || same(was?.audience, to)) return
    const [missing] = await audience.missing([...new Set(to.groupIds)])
    if (missing !== undefined) throw notFound('group', missing)
  }

  const itemOf = async (
    { id, ...input }: PushItemInput,
    line: number,
    plan: Pick<PushPlanDoc, 'on' | 'items'> | null,
    times: Times,
  ): Promise<PushItemDoc> => {
    const was = plan?.items.find((item) => item.id === id)
    await checkGroups(input, was)
    const now = clock.date()
    const item: PushItemDoc = {
      id: was?.id ?? newId('push'),
      ...input,
      content: await contentName(input.contentId),
      since: was?.since ?? now,
      handled: was?.handled ?? null,
      nextAt: null,
      lastAt: was?.lastAt ?? null,
      problem: null,
    }
    checkTimes(item, was, line, times)
    if (was === undefined || plan?.on !== true) return item
    if (was.problem !== null) return { ...item, since: now }
    return sameTimes(was, item) ? item : { ...item, since: sinceChanged(was, item, now, times) }
  }

  const itemsOf = async (inputs: readonly PushItemInput[], plan: PushPlanDoc | null, times: Times) => {
    const items: PushItemDoc[] = []
    for (const [index, input] of inputs.entries()) items.push(await itemOf(input, index + 1, plan, times))
    return items
  }

  /** What came due while the plan rested did not go, and that is said. */
  const sayPaused = async (doc: PushPlanDoc, now: Date, times: Times): Promise<void> => {
    if (doc.pausedAt === null) return
    for (const item of doc.items)
      for (const turn of item.problem === null ? turnsUntil(item, now, times) : [])
        await push.skip(plannedTurn(doc, item, turn), item.content, because('push.paused', { at: turn.at.getTime() }))
  }

  return {
    /** Those with a next time first, the soonest of them first. */
    async list(): Promise<PushPlan[]> {
      const found = await Promise.all(
        (await plans.find().sort({ createdAt: -1 }).limit(200).lean<PushPlanDoc[]>()).map(present),
      )
      return found.toSorted((a, b) => (a.nextAt ?? '9').localeCompare(b.nextAt ?? '9'))
    },

    one: async (id: string): Promise<PushPlan> => present(await load(id)),
    load,

    /** Every plan, for the calendar. */
    all: () => plans.find().limit(500).lean<PushPlanDoc[]>(),

    /** Idempotent by key; off. Throws not_found for an unknown content or group, plan.* for times that do not work. */
    async create(key: string, input: PushPlanInput, by: string): Promise<PushPlan> {
      const had = await plans.findOne({ key }).lean<PushPlanDoc | null>()
      if (had !== null) return present(had)
      const now = clock.date()
      const doc = {
        _id: newId('push'),
        name: input.name,
        on: false,
        pausedAt: null,
        lateHours: input.lateHours,
        items: await itemsOf(input.items, null, await timesNow()),
        rev: 1,
        edits: 1,
        createdAt: now,
        changedAt: now,
        changedBy: by,
      }
      const stored = await plans
        .findOneAndUpdate({ key }, { $setOnInsert: doc }, { upsert: true, returnDocument: 'after' })
        .lean<PushPlanDoc | null>()
      return present(stored ?? { ...doc, key })
    },

    /**
     * What has gone stays gone and is not repeated; what was to come next on a day that is still one of its days keeps its promise. Throws
     * conflict.changed when a person changed it since `edits`.
     */
    async update(id: string, edits: number, input: PushPlanInput, by: string): Promise<PushPlan> {
      const times = await timesNow()
      for (;;) {
        const doc = await load(id)
        if (doc.edits !== edits) throw new AppError('conflict.changed', { status: 409 })
        const now = clock.date()
        const { set, unset } = aimed({ on: doc.on, items: await itemsOf(input.items, doc, times) }, now, times)
        const { name, lateHours } = input
        const change = {
          $set: { name, lateHours, ...set, changedAt: now, changedBy: by },
          ...unset,
          $inc: { rev: 1, edits: 1 },
        }
        const written = await plans
          .findOneAndUpdate({ _id: id, rev: doc.rev }, change, { returnDocument: 'after' })
          .lean<PushPlanDoc | null>()
        // A turn went meanwhile: what it has handled counts.
        if (written !== null) return present(written)
      }
    },

    /**
     * Paused, nothing goes, and what still waits is taken back, also when it is paused once more after a crash; on again, it goes on from
     * now, and what came due meanwhile is said to have been skipped.
     */
    async setOn(id: string, on: boolean): Promise<PushPlan> {
      const times = await timesNow()
      for (;;) {
        const doc = await load(id)
        if (doc.on === on) {
          if (!on) await push.takeBack(id, paused)
          return present(doc)
        }
        const now = clock.date()
        if (on) await sayPaused(doc, now, times)
        const items = on ? doc.items.map((item) => ({ ...item, since: now, problem: null })) : doc.items
        const { set, unset } = aimed({ on, items }, now, times)
        if (on && set.lookAt === undefined) throw new AppError('plan.never', { params: { line: 1 } })
        const change = { $set: { ...set, on, pausedAt: on ? null : now }, ...unset, $inc: { rev: 1, edits: 1 } }
        const written = await plans
          .findOneAndUpdate({ _id: id, rev: doc.rev }, change, { returnDocument: 'after' })
          .lean<PushPlanDoc | null>()
        if (written === null) continue
        if (!on) await push.takeBack(id, paused)
        return present(written)
      }
    },

    /** How many of its messages wait and would be taken back. Throws not_found. */
    waiting: async (id: string): Promise<number> => push.waiting((await load(id))._id),

    /**
     * Nothing of it goes any more, and what still waits is taken back; what has gone stays, with its results. Cut short, it rests and can be
     * removed again. Answers its name. Throws not_found.
     */
    async remove(id: string): Promise<string> {
      const rests = {
        $set: { on: false, pausedAt: clock.date() },
        $unset: { lookAt: 1 as const },
        $inc: { rev: 1, edits: 1 },
      }
      const doc = await plans.findByIdAndUpdate(id, rests).lean<PushPlanDoc | null>()
      if (doc === null) throw notFound('push plan', id)
      await push.takeBack(id, because('block.plan_removed'))
      await plans.deleteOne({ _id: id })
      return doc.name
    },

    /** The turns of a plan that is on, between two moments. */
    turnsBetween: (doc: PushPlanDoc, from: Date, to: Date, times: Times) =>
      doc.items.flatMap((item) => {
        if (!doc.on || item.problem !== null) return []
        const found = []
        for (const turn of turnsOf(item, times)) {
          if (turn.at >= to) break
          if (turn.at >= from) found.push({ item, turn })
        }
        return found
      }),
    timesNow,
  }
}

export type PushPlans = ReturnType<typeof createPushPlans>
