import { because, type Because } from '@zhiyin/shared/because'
import type { Condition } from '@zhiyin/shared/condition'
import type { Trigger } from '@zhiyin/shared/rule'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Enter } from './enter.ts'
import { addedReasons } from './greeter.ts'
import { isKnown } from './holds.ts'
import { onDate } from './date-trigger.ts'
import { occurrenceModel } from './occurrences.model.ts'
import type { RuleStore } from './rules.ts'
import type { Evaluate, Scan } from './types.ts'

const perBatch = 500
const againMs = 15_000

/** Whom a rule would take in if its trigger came for everybody today. */
export const todayCondition = (trigger: Trigger, condition: Condition): Condition => {
  if (trigger.type === 'stage.entered') return { type: 'all', of: [{ type: 'stage', in: trigger.stages }, condition] }
  if (trigger.type === 'tier.changed') return { type: 'all', of: [{ type: 'tier', in: trigger.to }, condition] }
  if (trigger.type === 'stage.left')
    return { type: 'all', of: [{ type: 'not', of: { type: 'stage', in: trigger.stages } }, condition] }
  if (trigger.type === 'tier.left')
    return { type: 'all', of: [{ type: 'not', of: { type: 'tier', in: trigger.from } }, condition] }
  if (trigger.type === 'tag.added' || trigger.type === 'tag.removed') {
    const within = trigger.tags.map(({ id, name }): Condition => {
      const has: Condition = { type: 'tag', tagId: id, tag: name }
      return trigger.type === 'tag.added' ? has : { type: 'not', of: has }
    })
    return { type: 'all', of: [{ type: 'any', of: within }, condition] }
  }
  if (trigger.type === 'segment.entered' || trigger.type === 'segment.left') {
    const within = trigger.segments.map(({ id, name }): Condition => {
      const isIn: Condition = { type: 'segment', segmentId: id, segment: name }
      return trigger.type === 'segment.entered' ? isIn : { type: 'not', of: isIn }
    })
    return { type: 'all', of: [{ type: 'any', of: within }, condition] }
  }
  return condition
}

const dayMs = 86_400_000
/** customer.added means those added within the last day, as the trigger asks for them. */
export const addedToday = (trigger: Trigger, view: CustomerView, now: Date, zone: string): boolean =>
  trigger.type !== 'customer.added' ||
  view.follows.some(({ userid, state, since, channelId }) => {
    if (state !== 'following' || now.getTime() - since.getTime() > dayMs) return false
    const returning = isKnown(view, { userid, at: since })
    return addedReasons(trigger, { channelId, channel: null, userid, at: since, returning }, zone) !== null
  })

/** Why the trigger would come for this customer today; nothing for a schedule, which comes for all. */
export const todayReasons = (trigger: Trigger, { stage, tier, segments }: CustomerView): Because[] => {
  if (trigger.type === 'tier.changed') return [because('rule.tier_is', { value: tier.tier })]
  if (trigger.type === 'segment.entered' || trigger.type === 'segment.left') {
    const wanted = trigger.type === 'segment.entered'
    const met = trigger.segments.find(({ id }) => segments.some((one) => one.id === id) === wanted)
    return [because(wanted ? 'rule.in_segment' : 'rule.not_in_segment', { value: met?.name ?? '' })]
  }
  if (trigger.type !== 'stage.entered') return []
  return [because('rule.stage_entered', { stage: stage.stage }), ...stage.because]
}

type Deps = {
  mongo: Mongo
  clock: Clock
  store: RuleStore
  enter: Enter
  scan: Scan
  evaluate: Evaluate
  enqueue: Enqueue
  zone: string
}

/** 'rules.schedule': takes in all who meet a rule, in batches with a checkpoint; a batch done twice takes nobody in twice. */
export const createWalk = ({ mongo, clock, store, enter, scan, evaluate, enqueue, zone }: Deps) => {
  const occurrences = occurrenceModel(mongo.connection)
  const idOf = (ruleId: string, occurrence: string): string => `${ruleId}:${occurrence}`

  const begin = async (ruleId: string, occurrence: string): Promise<void> => {
    const lookAt = new Date(clock.now() + againMs)
    const doc = { ruleId, occurrence, after: null, done: false, lookAt }
    await occurrences.updateOne({ _id: idOf(ruleId, occurrence) }, { $setOnInsert: doc }, { upsert: true })
    await enqueue('rules.schedule', { ruleId, occurrence, after: null })
  }

  const step = async ({ ruleId, occurrence }: { ruleId: string; occurrence: string }): Promise<void> => {
    const _id = idOf(ruleId, occurrence)
    const walk = await occurrences.findById(_id).lean()
    if (walk === null || walk.done) return
    const rule = await store.live(ruleId)
    const finish = () => occurrences.updateOne({ _id }, { $set: { done: true, after: null }, $unset: { lookAt: 1 } })
    if (rule.status !== 'on') return void (await finish())
    const now = clock.date()
    const day = occurrence.slice(0, 10)
    const due = rule.trigger.type === 'date' && !occurrence.startsWith('now:') ? onDate(rule.trigger, day, zone) : null
    const asked = due === null ? todayCondition(rule.trigger, rule.condition) : due.condition
    const condition: Condition = due === null ? asked : { type: 'all', of: [asked, rule.condition] }
    const found = await scan(condition, walk.after, perBatch)
    const time = occurrence.slice(-5)
    const reason: Because = occurrence.startsWith('now:')
      ? because('rule.manual', { by: rule.updatedBy })
      : due === null
        ? because('rule.schedule', { time })
        : due.because
    const entries = found
      .filter((view) => addedToday(rule.trigger, view, now, zone))
      .map((view) => ({ view, answer: evaluate(rule.condition, view, now) }))
      .filter(({ answer }) => answer.met)
      .map(({ view, answer }) => ({
        customerId: view.id,
        entryKey: `schedule:${occurrence}:${view.id}`,
        because: [reason, ...todayReasons(rule.trigger, view), ...answer.because],
        userid: null,
        factId: null,
      }))
    await enter.enter(rule, entries)
    const last = found.at(-1)
    if (last === undefined || found.length < perBatch) return void (await finish())
    const lookAt = new Date(clock.now() + againMs)
    await occurrences.updateOne({ _id, after: walk.after }, { $set: { after: last.id, lookAt } })
    await enqueue('rules.schedule', { ruleId, occurrence, after: last.id })
  }

  return {
    begin,
    step,
    /** Nudges walks that stand still. */
    async again(now: Date): Promise<number> {
      const stuck = await occurrences
        .find({ lookAt: { $lte: now } })
        .limit(50)
        .lean()
      const lookAt = new Date(now.getTime() + againMs)
      for (const { _id, ruleId, occurrence, after } of stuck) {
        await occurrences.updateOne({ _id, done: false }, { $set: { lookAt } })
        await enqueue('rules.schedule', { ruleId, occurrence, after })
      }
      return stuck.length
    },
    underWay: (): Promise<number> => occurrences.countDocuments({ lookAt: { $exists: true } }),
  }
}

export type Walk = ReturnType<typeof createWalk>
