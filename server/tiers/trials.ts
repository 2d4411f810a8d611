import { withCuts, type SchemeInput, type TierScheme } from '@zhiyin/shared/tier-scheme'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { checkScheme } from './check.ts'
import { windowOf, workedFor } from './cuts.ts'
import type { Month } from './month.ts'
import { proposalFor } from './propose.ts'
import { counting, workedStill, written, type Schemes } from './store.ts'
import type { Survey } from './survey.ts'
import { movesOf, tierCollections, trialAgainMs, type SchemeDoc, type TrialDoc } from './tiers.model.ts'
import { createTrialBatch, type BatchDeps } from './trial-batch.ts'
import { beginning } from './trial-begin.ts'
import type { Customers } from './types.ts'

/** A review waits for the count it works limits out of. */
const waitMs = 5_000
const dayMs = 86_400_000

export type TrialDeps = BatchDeps & {
  newId: NewId
  enqueue: Enqueue
  customers: Pick<Customers, 'tried' | 'count'>
  schemes: Pick<Schemes, 'get'>
  surveys: Pick<Survey, 'summary' | 'want'>
}

/** The levels of a draft that has no id yet. */
export const draftId = 'draft'

/** Tries of a scheme over every customer, batch by batch with the place kept: every move it would cause. */
export const createTrials = (deps: TrialDeps) => {
  const { mongo, clock, newId, enqueue, customers, schemes, surveys, definitions } = deps
  const { trials, moves } = tierCollections(mongo.connection)
  const inMs = (ms: number): Date => new Date(clock.now() + ms)
  const batch = createTrialBatch(deps)
  const nudge = (id: string): Promise<void> => enqueue('tiers.work', { what: 'trial', id })

  const get = async (id: string): Promise<TrialDoc> => {
    const doc = await trials.findOne({ _id: id })
    if (doc === null) throw notFound('tier trial', id)
    return doc
  }
  const begun = async (id: string, scheme: TierScheme, doc: SchemeDoc | null, by: string): Promise<TrialDoc> => ({
    ...beginning(id, scheme, doc, by, clock.date()),
    total: await customers.count({}),
    lookAt: inMs(trialAgainMs),
  })

  /** Works out what a review proposes, once the count is there that it is worked out of. */
  const prepare = async (trial: TrialDoc, doc: SchemeDoc): Promise<TrialDoc | null> => {
    const window = windowOf(doc.how)
    const kept = window === null ? null : await surveys.summary(window)
    if (window !== null && (kept === null || trial.at.getTime() - kept.at.getTime() > dayMs)) {
      await surveys.want(window)
      await trials.updateOne({ _id: trial._id }, { $set: { lookAt: inMs(waitMs) } })
      return null
    }
    const proposal = proposalFor(doc, kept?.summary ?? null)
    const stands = counting(doc)
    const set = { ...proposal, ready: true, scheme: { ...stands, how: withCuts(stands.how, proposal.proposed) } }
    return trials.findOneAndUpdate({ _id: trial._id, ready: false }, { $set: set }, { returnDocument: 'after' })
  }

  const work = async (trial: TrialDoc): Promise<void> => {
    if (await batch(trial)) await nudge(trial._id)
  }

  const forget = async (id: string): Promise<void> => {
    await moves.deleteMany(movesOf(id))
    await trials.deleteOne({ _id: id })
  }

  return {
    get,

    /** A draft; `id` null is a new scheme. Throws not_found and what `checkScheme` throws. */
    async draft(id: string | null, input: SchemeInput, by: string): Promise<TrialDoc> {
      const doc = id === null ? null : await schemes.get(id)
      const scheme = { ...input, id: id ?? draftId }
      checkScheme(scheme, await definitions())
      const window = windowOf(scheme.how)
      const kept = window === null ? null : await surveys.summary(window)
      const worked =
        kept === null
          ? null
          : workedFor({ ...scheme, worked: doc === null ? null : workedStill(doc, scheme.how) }, kept.summary, kept.at)
              .inForce
      const trial = await begun(newId('tierTrial'), { ...scheme, how: withCuts(scheme.how, worked) }, doc, by)
      await trials.insertOne(trial)
      await nudge(trial._id)
      return trial
    },

    /** The review of a month, made once under its name. Throws not_found. */
    async review(schemeId: string, month: Month, name: string | null, by: string): Promise<TrialDoc> {
      const doc = await schemes.get(schemeId)
      const trial = { ...(await begun(name ?? newId('tierTrial'), written(doc), doc, by)), month, ready: false }
      const { _id, ...rest } = trial
      await trials.updateOne({ _id }, { $setOnInsert: rest }, { upsert: true })
      await nudge(_id)
      return trial
    },

    /** Of a scheme, newest first. */
    reviews: (schemeId: string, limit: number): Promise<TrialDoc[]> =>
      trials
        .find({ schemeId, 'month.from': { $exists: true } })
        .sort({ 'month.from': -1, at: -1 })
        .limit(limit)
        .toArray(),

    /** Who would move, in the order of ids. */
    async listed(id: string, { after, limit }: { after: string | null; limit: number }) {
      const found = await moves
        .find(movesOf(id, after ?? ''))
        .sort({ _id: 1 })
        .limit(limit + 1)
        .toArray()
      const page = found.slice(0, limit)
      return { items: page, next: found.length > limit ? (page.at(-1)?.customerId ?? null) : null }
    },

    /** A decision on a review that is done; null where it is not. */
    decide: (id: string, state: 'adopted' | 'dismissed', by: string): Promise<TrialDoc | null> =>
      trials.findOneAndUpdate(
        { _id: id, state: 'done' },
        { $set: { state, decidedAt: clock.date(), decidedBy: by } },
        { returnDocument: 'after' },
      ),

    async forgetOf(schemeId: string): Promise<void> {
      for (const { _id } of await trials.find({ schemeId }, { projection: { _id: 1 } }).toArray()) await forget(_id)
    },

    running: (): Promise<TrialDoc[]> => trials.find({ lookAt: { $exists: true } }).toArray(),

    /** A count has ended: reviews that waited for it go on. */
    async wake(): Promise<void> {
      const waiting = await trials.find({ lookAt: { $exists: true }, ready: false }).toArray()
      for (const { _id } of waiting) await nudge(_id)
    },

    /** 'tiers.work' of a trial: the next batch. */
    async run(id: string): Promise<void> {
      const found = await trials.findOne({ _id: id, state: 'running' })
      if (found === null) return
      if (found.ready) return work(found)
      const doc = found.schemeId === null ? null : await schemes.get(found.schemeId)
      const trial = doc === null ? null : await prepare(found, doc)
      if (trial !== null) await work(trial)
    },

    sweep: {
      stage: 'tiers.trials',
      async run(now) {
        const due = await trials
          .find({ lookAt: { $lte: now } })
          .limit(100)
          .toArray()
        for (const { _id, lookAt } of due) {
          await trials.updateOne(
            { _id, ...(lookAt === undefined ? {} : { lookAt }) },
            { $set: { lookAt: inMs(trialAgainMs) } },
          )
          await nudge(_id)
        }
        const old = await trials
          .find({ expiresAt: { $lte: now } })
          .limit(100)
          .toArray()
        for (const { _id, month } of old) {
          if (month === null) await forget(_id)
          else {
            await moves.deleteMany(movesOf(_id))
            await trials.updateOne({ _id }, { $set: { listed: 0 }, $unset: { expiresAt: 1 } })
          }
        }
        return due.length
      },
    } satisfies Sweep,
  }
}
export type Trials = ReturnType<typeof createTrials>
