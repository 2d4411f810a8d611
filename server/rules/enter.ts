import { because, type Because } from '@zhiyin/shared/because'
import type { ExposureArm } from '@zhiyin/shared/measure'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import type { IsHeldOut } from '../measure/types.ts'
import { shareOf } from '../platform/share.ts'
import { greets } from './greeter.ts'
import type { RuleDoc } from './rules.model.ts'
import { runCollection, type RunDoc } from './runs.model.ts'

const dayMs = 86_400_000

/** Whether a customer is left alone on purpose: the same answer for the same rule and customer, for ever. */
export const heldOut = (ruleId: string, customerId: string, percent: number): boolean =>
  shareOf(ruleId, customerId) < percent / 100

type Asked = Pick<RuleDoc, 'limits' | 'trigger' | 'steps'>
/**
 * Which arm a customer is in who comes into a rule, and why nothing is to be done to them; null where the steps are. Whom no rule may
 * reach is still greeted: a welcome answers what they did; their run ends where the next step would begin.
 */
export const treatmentOf = (
  id: string,
  rule: Asked,
  customerId: string,
  isOut: IsHeldOut,
): { arm: ExposureArm; because: Because | null } => {
  const percent = rule.limits.holdoutPercent
  if (isOut(customerId))
    return { arm: 'global_holdout', because: greets(rule) ? null : because('block.global_holdout') }
  if (heldOut(id, customerId, percent)) return { arm: 'holdout', because: because('rule.held_out', { percent }) }
  return { arm: 'treated', because: null }
}

export type Entry = {
  readonly customerId: string
  readonly entryKey: string
  readonly because: readonly Because[]
  readonly userid: string | null
  readonly factId: string | null
}

type Entering = { readonly now: Date; readonly lookAt: Date; readonly isOut: IsHeldOut }
/** The run of a customer who comes in now; `lookAt`: when the first step may run. */
export const runOf = (
  _id: string,
  rule: Pick<RuleDoc, '_id' | 'name' | 'version' | 'limits' | 'trigger' | 'steps'>,
  entry: Entry,
  { now, lookAt, isOut }: Entering,
): RunDoc => {
  const { arm, because: alone } = treatmentOf(rule._id, rule, entry.customerId, isOut)
  const out = alone !== null
  return {
    _id,
    ruleId: rule._id,
    rule: rule.name,
    version: rule.version,
    customerId: entry.customerId,
    entryKey: entry.entryKey,
    arm,
    state: out ? 'held_out' : 'active',
    ...(out ? {} : { open: true as const, lookAt }),
    at: rule.steps[0]?.id ?? null,
    enteredAt: now,
    dueAt: out ? null : lookAt,
    leftAt: null,
    goalAt: null,
    claim: null,
    because: [...entry.because, ...(alone === null ? [] : [alone])],
    leftBecause: [],
    log: [],
    context: { userid: entry.userid, factId: entry.factId },
    untold: true,
  }
}

/** Whether a rule takes customers in at a moment. */
export const isValidAt = ({ limits: { valid } }: Pick<RuleDoc, 'limits'>, at: Date): boolean =>
  (valid?.from ?? '') <= at.toISOString() &&
  (valid?.until === null || valid?.until === undefined || at.toISOString() < valid.until)

export const notValid = ({ name }: Pick<RuleDoc, 'name'>): AppError =>
  new AppError('rule.not_valid', { status: 409, params: { name } })

/** Why somebody does not enter: in it now, or was not long ago. */
export const skipOf = (rule: Pick<RuleDoc, 'limits'>, last: Pick<RunDoc, 'open'> | undefined): Because | null => {
  if (last === undefined) return null
  return last.open === true ? because('rule.running') : because('rule.reentry', { days: rule.limits.reentryDays })
}

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  /** Whom no rule may reach. */
  globalHoldout: () => Promise<IsHeldOut>
}

/** How customers come into a rule. */
export const createEnter = ({ mongo, clock, newId, enqueue, globalHoldout }: Deps) => {
  const runs = runCollection(mongo.connection)

  /** The runs that keep these customers out: under way, or left too recently. */
  const keepingOut = async (
    rule: Pick<RuleDoc, '_id' | 'limits'>,
    customerIds: readonly string[],
  ): Promise<Map<string, RunDoc>> => {
    const since = new Date(clock.now() - rule.limits.reentryDays * dayMs)
    const lately = [{ leftAt: { $gt: since } }, { state: 'held_out' as const, enteredAt: { $gt: since } }]
    const found = await runs
      .find({
        ruleId: rule._id,
        customerId: { $in: [...customerIds] },
        $or: [{ open: true as const }, ...(rule.limits.reentryDays > 0 ? lately : [])],
      })
      .toArray()
    return new Map(found.map((run) => [run.customerId, run]))
  }

  const insert = async (docs: RunDoc[]): Promise<RunDoc[]> => {
    if (docs.length === 0) return []
    try {
      await runs.insertMany(docs, { ordered: false })
      return docs
    } catch (error) {
      if (!isDuplicate(error)) throw error
      return runs.find({ _id: { $in: docs.map(({ _id }) => _id) } }).toArray()
    }
  }

  return {
    keepingOut,
    /**
     * Takes customers in whose condition has been checked, all who are not kept out; the same entry key enters once. Answers the new runs. `lookAt`: when the
     * first step may run; default now.
     */
    async enter(rule: RuleDoc, entries: readonly Entry[], lookAt?: Date): Promise<RunDoc[]> {
      if (entries.length === 0 || !isValidAt(rule, clock.date())) return []
      const out = await keepingOut(
        rule,
        entries.map(({ customerId }) => customerId),
      )
      const isOut = await globalHoldout()
      const now = clock.date()
      const docs = entries
        .filter(({ customerId }) => !out.has(customerId))
        .map((entry) => runOf(newId('run'), rule, entry, { now, lookAt: lookAt ?? now, isOut }))
      const entered = await insert(docs)
      const ids = entered.map(({ _id }) => _id)
      for (let from = 0; from < ids.length; from += 500)
        await enqueue('rules.advance', { runIds: ids.slice(from, from + 500) })
      return entered
    },
    byEntryKey: (ruleId: string, entryKey: string): Promise<RunDoc | null> => runs.findOne({ ruleId, entryKey }),
    /** Lets the first step run now. */
    async start(runId: string): Promise<void> {
      const now = clock.date()
      await runs.updateOne(
        { _id: runId, open: true, state: 'active' as const, dueAt: { $gt: now } },
        { $set: { lookAt: now, dueAt: now } },
      )
      await enqueue('rules.advance', { runIds: [runId] })
    },
  }
}

export type Enter = ReturnType<typeof createEnter>
