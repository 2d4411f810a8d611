import type { Because } from '@zhiyin/shared/because'
import type { RuleInput, RuleStatus, RunState, Trigger } from '@zhiyin/shared/rule'
import { lastOccurrence, nextOccurrence, type Occurrence, type Schedule } from '@zhiyin/shared/occurrence'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import { createGather } from '../platform/gather.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { indexOf, listensOf, type RuleIndex } from './rule-index.ts'
import { ruleModel, ruleRevisionModel, type RuleDoc } from './rules.model.ts'
import { runModel } from './runs.model.ts'
import { createVersions, inputOf } from './versions.ts'

export type RuleCounts = {
  running: number
  entered: number
  heldOut: number
  goal: number
  exited: number
  finished: number
}
export type RuleItem = Omit<RuleDoc, '_id' | 'scheduleAt'> & { id: string }

/** When a trigger comes by itself; null: it does not. */
export const scheduleOfTrigger = (trigger: Trigger, zone: string): { schedule: Schedule; zone: string } | null => {
  if (trigger.type === 'schedule') return { schedule: trigger, zone: trigger.zone ?? zone }
  return trigger.type === 'date' ? { schedule: { at: trigger.at, weekdays: [] }, zone } : null
}

/** Days of a date that were missed longer ago are let go. */
const mostMissedMs = 14 * 86_400_000

type Deps = { mongo: Mongo; clock: Clock; newId: NewId; zone: string }

/** The rules themselves: drafts, versions, which are on. */
export const createRuleStore = ({ mongo, clock, newId, zone }: Deps) => {
  const rules = ruleModel(mongo.connection)
  const runs = runModel(mongo.connection)
  const revisions = ruleRevisionModel(mongo.connection)
  const versions = createVersions({ mongo })
  let active: { revision: number; index: Promise<RuleIndex> } | null = null

  const forget = (): void => {
    active = null
  }

  /** A rule as its live version says. */
  const asLive = async (rule: RuleDoc): Promise<RuleDoc> => {
    const said = rule.live === null ? null : await versions.get(rule._id, rule.live)
    return said === null ? rule : { ...rule, ...inputOf(said), version: said.version }
  }

  const load = async (): Promise<RuleIndex> => {
    const found = await rules.find({ status: { $in: ['on', 'paused'] } }).lean()
    const on = await Promise.all(found.filter(({ status }) => status === 'on').map(asLive))
    const listens = found.flatMap((rule) => rule.listens)
    return indexOf(on, listens)
  }

  /** Who asks while the revision is being read waits for the next look, which cannot be older than the question. */
  const current = createGather(
    async (asked: readonly null[]): Promise<readonly RuleIndex[]> => {
      const revision = (await revisions.findById('rules').lean())?.n ?? 0
      if (active === null || active.revision !== revision) {
        const loading = load()
        active = { revision, index: loading }
        loading.catch(forget)
      }
      const found = await active.index
      return asked.map(() => found)
    },
    { restMs: 10 },
  )

  const get = async (id: string): Promise<RuleDoc> => {
    const rule = await rules.findById(id).lean()
    if (rule === null) throw notFound('rule', id)
    return rule
  }

  /** Changes one rule; the revision moves in the same transaction, so that every process sees it with the next event. */
  const change = (
    filter: { _id: string; version?: number },
    set: Partial<RuleDoc>,
    keep = false,
  ): Promise<RuleDoc | null> =>
    mongo.transaction(async (session) => {
      const saved = await rules.findOneAndUpdate(filter, { $set: set }, { returnDocument: 'after', session }).lean()
      if (saved === null) return null
      if (keep) await versions.keep(saved, session)
      await revisions.updateOne({ _id: 'rules' }, { $inc: { n: 1 } }, { upsert: true, session })
      return saved
    })

  const scheduleAt = (trigger: Trigger, status: RuleStatus): Date | null => {
    const timed = status === 'on' ? scheduleOfTrigger(trigger, zone) : null
    return timed === null ? null : nextOccurrence(timed.schedule, clock.date(), timed.zone).at
  }

  return {
    get,
    /** Rules that are on as their live versions say, as they stand now in every process: kept in memory for as long as the revision stands. */
    index: (): Promise<RuleIndex> => current(null),
    on: async (): Promise<readonly RuleDoc[]> => (await current(null)).rules,
    /** A rule as its live version says, whether it is on or not. */
    live: async (id: string): Promise<RuleDoc> => asLive(await get(id)),
    list: (): Promise<RuleDoc[]> => rules.find().sort({ updatedAt: -1 }).limit(500).lean().exec(),

    has: async (id: string): Promise<boolean> => (await rules.exists({ _id: id })) !== null,
    /** `byId`: who that is, for a name may be two people's. */
    async create(input: RuleInput, by: string, byId = '', id = newId('rule')): Promise<RuleDoc> {
      const rule: RuleDoc = {
        ...inputOf(input),
        _id: id,
        version: 1,
        live: null,
        listens: [],
        status: 'draft',
        scheduleAt: null,
        updatedAt: clock.date(),
        updatedBy: by,
        updatedById: byId,
      }
      await mongo.transaction(async (session) => {
        await rules.create([rule], { session })
        await versions.keep(rule, session)
      })
      return rule
    },

    /** Every save is a new version, which takes nobody in before it is published. Throws conflict.changed when `version` is not the newest. */
    async update(id: string, version: number, input: RuleInput, by: string, byId = ''): Promise<RuleDoc> {
      await get(id)
      const written = { updatedAt: clock.date(), updatedBy: by, updatedById: byId }
      const set = { ...inputOf(input), version: version + 1, ...written }
      const saved = await change({ _id: id, version }, set, true)
      if (saved === null) throw new AppError('conflict.changed', { status: 409 })
      return saved
    },

    /** Lets the newest version take customers in from now on; `status`: the rule's from now on. */
    async publish(id: string, status: RuleStatus, by: string): Promise<RuleDoc> {
      const rule = await get(id)
      const listens = [...new Set([...rule.listens, ...listensOf(rule)])]
      const set = { live: rule.version, listens, status, scheduleAt: scheduleAt(rule.trigger, status) }
      const saved = await change({ _id: id, version: rule.version }, { ...set, pausedBecause: null, updatedBy: by })
      if (saved === null) throw new AppError('conflict.changed', { status: 409 })
      return saved
    },

    /** `pausedBecause`: why, where it was not a person. */
    async setStatus(
      id: string,
      status: RuleStatus,
      by: string,
      pausedBecause: Because | null = null,
    ): Promise<RuleDoc> {
      const { trigger } = await asLive(await get(id))
      const set = {
        status,
        pausedBecause,
        scheduleAt: scheduleAt(trigger, status),
        updatedAt: clock.date(),
        updatedBy: by,
      }
      const saved = await change({ _id: id }, set)
      if (saved === null) throw notFound('rule', id)
      return saved
    },

    /** What the rule said at a version. */
    version: versions.get,
    versions: versions.list,

    /** Schedules whose time has come. */
    async dueSchedules(now: Date): Promise<RuleDoc[]> {
      const due = await rules
        .find({ status: 'on', scheduleAt: { $ne: null, $lte: now } })
        .limit(100)
        .lean()
      return Promise.all(due.map(asLive))
    },
    /** The occurrence that has come, and moves the schedule to the next. */
    async comeRound(
      { _id, trigger, scheduleAt: from }: RuleDoc,
      now: Date,
      begin: (came: Occurrence) => Promise<void>,
    ) {
      const timed = scheduleOfTrigger(trigger, zone)
      if (timed === null || from === null) return
      // A day that was missed has its own people; of a schedule the last time stands for all.
      const since = trigger.type === 'date' ? Math.max(from.getTime(), now.getTime() - mostMissedMs) : now.getTime()
      const last = lastOccurrence(timed.schedule, now, timed.zone)
      for (
        let came = last;
        came.at.getTime() >= since;
        came = lastOccurrence(timed.schedule, new Date(came.at.getTime() - 1), timed.zone)
      )
        if (came !== last) await begin(came)
      await begin(last)
      const to = nextOccurrence(timed.schedule, now, timed.zone).at
      await rules.updateOne({ _id, scheduleAt: from }, { $set: { scheduleAt: to } })
    },

    /** How many are under way on each version of a rule. */
    async underWay(ruleId: string): Promise<ReadonlyMap<number, number>> {
      const rows = await runs.aggregate<{ _id: number; n: number }>([
        { $match: { ruleId, state: { $in: ['active', 'waiting'] } } },
        { $group: { _id: '$version', n: { $sum: 1 } } },
      ])
      return new Map(rows.map(({ _id, n }) => [_id, n]))
    },

    /** Runs per rule and state, by one covered index scan. */
    async counts(ruleIds: readonly string[]): Promise<Map<string, RuleCounts>> {
      const rows = await runs.aggregate<{ _id: { ruleId: string; state: RunState }; n: number }>([
        { $match: { ruleId: { $in: [...ruleIds] } } },
        { $group: { _id: { ruleId: '$ruleId', state: '$state' }, n: { $sum: 1 } } },
      ])
      const result = new Map(
        ruleIds.map((id) => [id, { running: 0, entered: 0, heldOut: 0, goal: 0, exited: 0, finished: 0 }]),
      )
      for (const { _id, n } of rows) {
        const counts = result.get(_id.ruleId)
        if (counts === undefined) continue
        if (_id.state === 'held_out') counts.heldOut += n
        else counts.entered += n
        if (_id.state === 'active' || _id.state === 'waiting') counts.running += n
        if (_id.state === 'goal' || _id.state === 'exited' || _id.state === 'finished') counts[_id.state] += n
      }
      return result
    },
  }
}

export type RuleStore = ReturnType<typeof createRuleStore>
