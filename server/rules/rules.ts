import type { RuleInput, RuleStatus, RunState } from '@zhiyin/shared/rule'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import { createGather } from '../platform/gather.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { ruleModel, ruleRevisionModel, ruleVersionModel, type RuleDoc, type RuleVersionDoc } from './rules.model.ts'
import { runModel } from './runs.model.ts'
import { nextOccurrence } from '@zhiyin/shared/occurrence'

export type RuleCounts = {
  running: number
  entered: number
  heldOut: number
  goal: number
  exited: number
  finished: number
}
export type RuleItem = Omit<RuleDoc, '_id' | 'scheduleAt'> & { id: string }

const maxVersions = 200

const inputOf = ({ name, trigger, condition, steps, goal, exitOn, limits }: RuleInput): RuleInput => ({
  name,
  trigger,
  condition,
  steps,
  goal,
  exitOn,
  limits,
})
const versionId = (ruleId: string, version: number): string => `${ruleId}:${version}`

type Deps = { mongo: Mongo; clock: Clock; newId: NewId; zone: string }

/** The rules themselves: drafts, versions, which are on. */
export const createRuleStore = ({ mongo, clock, newId, zone }: Deps) => {
  const rules = ruleModel(mongo.connection)
  const versions = ruleVersionModel(mongo.connection)
  const runs = runModel(mongo.connection)
  const revisions = ruleRevisionModel(mongo.connection)
  let active: { revision: number; rules: Promise<RuleDoc[]> } | null = null
  const kept = new Map<string, RuleVersionDoc>()

  const forget = (): void => {
    active = null
  }

  /** Who asks while the revision is being read waits for the next look, which cannot be older than the question. */
  const current = createGather(
    async (asked: readonly null[]): Promise<readonly RuleDoc[][]> => {
      const revision = (await revisions.findById('rules').lean())?.n ?? 0
      if (active === null || active.revision !== revision) {
        const loading = rules.find({ status: 'on' }).lean().exec()
        active = { revision, rules: loading }
        loading.catch(forget)
      }
      const found = await active.rules
      return asked.map(() => found)
    },
    { restMs: 10 },
  )

  const get = async (id: string): Promise<RuleDoc> => {
    const rule = await rules.findById(id).lean()
    if (rule === null) throw notFound('rule', id)
    return rule
  }

  const keepVersion = async (rule: RuleDoc): Promise<void> => {
    const doc = { ...inputOf(rule), ruleId: rule._id, version: rule.version }
    await versions.updateOne({ _id: versionId(rule._id, rule.version) }, { $setOnInsert: doc }, { upsert: true })
  }

  /** Changes one rule; the revision moves in the same transaction, so that every process sees it with the next event. */
  const change = (
    filter: { _id: string; version?: number; status?: RuleStatus },
    set: Partial<RuleDoc>,
  ): Promise<RuleDoc | null> =>
    mongo.transaction(async (session) => {
      const saved = await rules.findOneAndUpdate(filter, { $set: set }, { returnDocument: 'after', session }).lean()
      if (saved !== null) await revisions.updateOne({ _id: 'rules' }, { $inc: { n: 1 } }, { upsert: true, session })
      return saved
    })

  const scheduleOf = (trigger: RuleInput['trigger'], status: RuleStatus): Date | null =>
    trigger.type === 'schedule' && status === 'on' ? nextOccurrence(trigger, clock.date(), zone).at : null

  return {
    get,
    /** Rules that are on, as they stand now in every process: kept in memory for as long as the revision stands. */
    on: (): Promise<RuleDoc[]> => current(null),
    list: (): Promise<RuleDoc[]> => rules.find().sort({ updatedAt: -1 }).limit(500).lean().exec(),

    async create(input: RuleInput, by: string): Promise<RuleDoc> {
      const rule: RuleDoc = {
        ...inputOf(input),
        _id: newId('rule'),
        version: 1,
        status: 'draft',
        scheduleAt: null,
        updatedAt: clock.date(),
        updatedBy: by,
      }
      await rules.create(rule)
      await keepVersion(rule)
      return rule
    },

    /** Every save is a new version. Throws conflict.changed when `version` is not the one that stands. */
    async update(id: string, version: number, input: RuleInput, by: string): Promise<RuleDoc> {
      const { status } = await get(id)
      const next = { ...inputOf(input), version: version + 1, updatedAt: clock.date(), updatedBy: by }
      const set = { ...next, scheduleAt: scheduleOf(input.trigger, status) }
      await keepVersion({ ...set, _id: id, status })
      const saved = await change({ _id: id, version, status }, set)
      if (saved === null) {
        throw new AppError('conflict.changed', { status: 409 })
      }
      await versions.replaceOne(
        { _id: versionId(id, saved.version) },
        { ...inputOf(saved), ruleId: id, version: saved.version },
        { upsert: true },
      )
      kept.delete(versionId(id, saved.version))
      return saved
    },

    async setStatus(id: string, status: RuleStatus, by: string): Promise<RuleDoc> {
      const { trigger } = await get(id)
      const set = { status, scheduleAt: scheduleOf(trigger, status), updatedAt: clock.date(), updatedBy: by }
      const saved = await change({ _id: id }, set)
      if (saved === null) throw notFound('rule', id)
      return saved
    },

    /** What the rule said at a version; kept in memory, for a version never changes. */
    async version(ruleId: string, version: number): Promise<RuleVersionDoc | null> {
      const id = versionId(ruleId, version)
      const had = kept.get(id)
      if (had !== undefined) return had
      const found = await versions.findById(id).lean()
      if (found === null) return null
      const oldest = kept.keys().next()
      if (kept.size >= maxVersions && oldest.done !== true) kept.delete(oldest.value)
      kept.set(id, found)
      return found
    },

    /** Schedules whose time has come. */
    dueSchedules: (now: Date): Promise<RuleDoc[]> =>
      rules
        .find({ status: 'on', scheduleAt: { $ne: null, $lte: now } })
        .limit(100)
        .lean()
        .exec(),
    async moveSchedule(id: string, from: Date, to: Date): Promise<void> {
      await rules.updateOne({ _id: id, scheduleAt: from }, { $set: { scheduleAt: to } })
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
