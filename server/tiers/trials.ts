import { cutsOf, withCuts, type SchemeInput, type TierScheme } from '@zhiyin/shared/tier-scheme'
import type { FactsRead } from '../events/read.ts'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Tried } from '../profile/levels/read.ts'
import { checkScheme } from './check.ts'
import { windowOf, workedFor } from './cuts.ts'
import { overMonth, withMove, type Month } from './month.ts'
import { levelMoved, movingTypes } from './moved.ts'
import { proposalFor } from './propose.ts'
import { counting, workedStill, written, type Schemes } from './store.ts'
import type { Survey } from './survey.ts'
import { movesOf, tierCollections, type SchemeDoc, type TrialDoc } from './tiers.model.ts'
import type { Customers, FreshDefinitions, LevelMoved } from './types.ts'

const againMs = 20_000
/** A review waits for the count it works limits out of. */
const waitMs = 5_000
const dayMs = 86_400_000
const draftDays = 1
const reviewDays = 60
/** All moves are counted; so many are listed. */
const mostListed = 50_000

export type TrialDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  customers: Pick<Customers, 'tried' | 'count'>
  schemes: Pick<Schemes, 'get'>
  surveys: Pick<Survey, 'summary' | 'want'>
  definitions: FreshDefinitions
  facts: Pick<FactsRead, 'pieces'>
  perBatch?: number
}

/** The levels of a draft that has no id yet. */
export const draftId = 'draft'

/**
 * Tries a scheme over every customer, batch by batch with the place kept: every move it would cause, by the same working out that would
 * cause it, holds included. The review of a month also counts where everybody was when the month began and when it ended.
 */
export const createTrials = (deps: TrialDeps) => {
  const { mongo, clock, newId, enqueue, customers, schemes, surveys, definitions, facts, perBatch = 500 } = deps
  const { trials, moves } = tierCollections(mongo.connection)
  const inMs = (ms: number): Date => new Date(clock.now() + ms)
  const nudge = (id: string): Promise<void> => enqueue('tiers.work', { what: 'trial', id })

  const get = async (id: string): Promise<TrialDoc> => {
    const doc = await trials.findOne({ _id: id })
    if (doc === null) throw notFound('tier trial', id)
    return doc
  }
  const begun = async (_id: string, scheme: TierScheme, doc: SchemeDoc | null, by: string): Promise<TrialDoc> => ({
    _id,
    schemeId: doc?._id ?? null,
    scheme,
    before: doc?.levels ?? [],
    schemeVersion: doc?.version ?? 0,
    month: null,
    state: 'running',
    at: clock.date(),
    ready: true,
    proposed: null,
    inForce: doc === null ? null : cutsOf(counting(doc).how),
    buyers: null,
    why: null,
    after: '',
    done: 0,
    total: await customers.count({}),
    levels: {},
    monthMoves: {},
    moves: {},
    moved: 0,
    listed: 0,
    by,
    decidedAt: null,
    decidedBy: null,
    lookAt: inMs(againMs),
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

  const movedOf = async (items: readonly Tried[], schemeId: string): Promise<Map<string, LevelMoved[]>> => {
    const found = new Map<string, LevelMoved[]>()
    for await (const piece of facts.pieces(
      items.map(({ id }) => id),
      movingTypes,
    ))
      for (const fact of piece) {
        const move = levelMoved(fact)
        if (move?.schemeId === schemeId) found.set(move.customerId, [...(found.get(move.customerId) ?? []), move])
      }
    for (const list of found.values()) list.sort((a, b) => a.at.getTime() - b.at.getTime())
    return found
  }

  /** What a batch adds to the counts. */
  const counted = async (trial: TrialDoc, items: readonly Tried[]) => {
    let { levels, monthMoves, moves: all } = trial
    const moved = trial.month === null ? null : await movedOf(items, trial.scheme.id)
    for (const item of items) {
      const { begin, end } =
        trial.month === null || moved === null
          ? { begin: item.from, end: item.from }
          : overMonth(item, moved.get(item.id) ?? [], trial.month)
      if (end !== null) levels = { ...levels, [end]: (levels[end] ?? 0) + 1 }
      if (end !== null && begin !== end) monthMoves = withMove(monthMoves, begin, end)
      if (item.from !== null && item.from !== item.to) all = withMove(all, item.from, item.to)
    }
    return { levels, monthMoves, moves: all }
  }

  const batch = async (trial: TrialDoc): Promise<void> => {
    const { _id, after, scheme } = trial
    const { items, last } = await customers.tried(await definitions(), scheme, after, perBatch, trial.at)
    const movers = items.filter(({ from, to }) => from !== null && from !== to)
    const kept = movers.slice(0, Math.max(0, mostListed - trial.listed))
    // What a worker that died left of the same batch goes.
    await moves.deleteMany(movesOf(_id, after, items.at(-1)?.id ?? after))
    if (kept.length > 0)
      await moves.bulkWrite(
        kept.map(({ id, from, to }) => ({
          updateOne: {
            filter: { _id: `${_id}:${id}` },
            update: { $set: { customerId: id, from: from ?? '', to } },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    const set = {
      ...(await counted(trial, items)),
      after: items.at(-1)?.id ?? after,
      done: trial.done + items.length,
      moved: trial.moved + movers.length,
      listed: trial.listed + kept.length,
    }
    const over = last === null
    const days = trial.month === null ? draftDays : reviewDays
    const saved = await trials.updateOne(
      { _id, state: 'running', after, done: trial.done },
      over
        ? { $set: { ...set, state: 'done', expiresAt: inMs(days * dayMs) }, $unset: { lookAt: 1 } }
        : { $set: { ...set, lookAt: inMs(againMs) } },
    )
    if (saved.matchedCount === 1 && !over) await nudge(_id)
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
          : workedFor(
              { how: scheme.how, worked: doc === null ? null : workedStill(doc, scheme.how) },
              kept.summary,
              kept.at,
            ).inForce
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
      if (found.ready) return batch(found)
      const doc = found.schemeId === null ? null : await schemes.get(found.schemeId)
      const trial = doc === null ? null : await prepare(found, doc)
      if (trial !== null) await batch(trial)
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
            { $set: { lookAt: inMs(againMs) } },
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
