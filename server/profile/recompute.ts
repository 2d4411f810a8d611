import { setTimeout as sleep } from 'node:timers/promises'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachInBatches } from '../platform/parallel.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { workOut } from './fold.ts'
import { progressModel, type ProgressDoc } from './progress.model.ts'
import type { Definitions } from './types.ts'

const one = { _id: 'recompute' }
const perBatch = 50
/** Worked out and written at once: few enough that events pass between. */
const atOnce = 5
/** So much of the time it took it rests after each: events are not to wait for more than twice as long as without it. */
const restShare = 0.8
/** Other processes may still hold the settings they read before. */
const settleMs = 2_500
const againMs = 20_000

type Deps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  /** The settings as they stand now, not as they were read a moment ago. */
  freshDefinitions: () => Promise<Definitions>
  passTime: (customerIds: readonly string[]) => Promise<readonly string[]>
  nudgeFacts: (customerIds: readonly string[]) => Promise<void>
}

/**
 * Works everybody out anew after a change of settings, in batches in the order of ids with the place kept in MongoDB: after a
 * crash it goes on where it was, and a newer change begins anew.
 */
export const createRecompute = ({ mongo, clock, enqueue, freshDefinitions, passTime, nudgeFacts }: Deps) => {
  const progress = progressModel(mongo.connection)
  const customers = customerCollection(mongo.connection)

  /** Those who stay where they are get their new boundary in one write; those who move get a transaction each. */
  const work = async (docs: readonly CustomerDoc[], definitions: Definitions): Promise<void> => {
    const now = clock.date()
    const outcomes = docs.map((doc) => ({ doc, ...workOut(doc, [], definitions, now) }))
    const staying = outcomes.filter(({ derived }) => derived.length === 0)
    if (staying.length > 0)
      await customers.bulkWrite(
        staying.map(({ doc: { _id, rev }, set: { updatedAt: _updatedAt, state: _state, ...set } }) => ({
          updateOne: {
            filter: { _id, rev },
            update: { $set: set, $inc: { rev: 1 } },
          },
        })),
        { ordered: false },
      )
    const moving = outcomes.filter(({ derived }) => derived.length > 0).map(({ doc }) => doc._id)
    await eachInBatches(moving, async (batch) => {
      await passTime(batch)
    })
    if (moving.length > 0) await nudgeFacts(moving)
  }

  return {
    /** Asks for it; the sweep begins once every process has the new settings. */
    async want(): Promise<void> {
      const now = clock.date()
      const nudgeAt = new Date(now.getTime() + settleMs)
      const set = { after: null, done: 0, wantedAt: now, doneAt: null, nudgeAt }
      await progress.updateOne(one, { $set: set, $inc: { round: 1 } }, { upsert: true })
    },

    /** How far it has come since it was last asked for, of about so many customers; null: never asked for. */
    async progress(): Promise<(Pick<ProgressDoc, 'wantedAt' | 'doneAt' | 'done'> & { of: number }) | null> {
      const [state, about] = await Promise.all([
        progress.findOne(one).lean<ProgressDoc | null>(),
        customers.estimatedDocumentCount(),
      ])
      if (state === null) return null
      const { wantedAt, doneAt, done } = state
      return { wantedAt, doneAt, done, of: Math.max(done, about) }
    },

    /** 'profile.recompute': the next batch, if `after` is still where it stands. */
    async next(after: string | null): Promise<void> {
      const state = await progress.findOne(one).lean<ProgressDoc | null>()
      if (state === null || state.doneAt !== null || state.after !== after) return
      const filter = after === null ? {} : { _id: { $gt: after } }
      const docs = await customers.find(filter).sort({ _id: 1 }).limit(perBatch).toArray()
      const definitions = await freshDefinitions()
      for (let from = 0; from < docs.length; from += atOnce) {
        const began = performance.now()
        await work(docs.slice(from, from + atOnce), definitions)
        await sleep((performance.now() - began) * restShare)
      }
      const now = clock.date()
      const last = docs.at(-1)?._id ?? after
      const over = docs.length < perBatch
      const set = over
        ? // Nobody's id stays behind: whoever it is may be erased.
          { after: null, doneAt: now, nudgeAt: null }
        : { after: last, nudgeAt: new Date(now.getTime() + againMs) }
      const kept = await progress.updateOne(
        { ...one, round: state.round, after },
        { $set: set, $inc: { done: docs.length } },
      )
      if (kept.matchedCount === 1 && !over) await enqueue('profile.recompute', { after: last })
    },

    sweep: {
      stage: 'profile.recompute',
      async run(now) {
        const state = await progress
          .findOneAndUpdate(
            { ...one, doneAt: null, nudgeAt: { $lte: now } },
            { $set: { nudgeAt: new Date(now.getTime() + againMs) } },
          )
          .lean<ProgressDoc | null>()
        if (state === null) return 0
        await enqueue('profile.recompute', { after: state.after })
        return 1
      },
    } satisfies Sweep,
  }
}
