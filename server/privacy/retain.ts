import { retentionKinds, type RetentionKind, type RetentionState } from '@zhiyin/shared/privacy'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { privacyCollections, type RetentionDoc } from './privacy.model.ts'
import type { PrivacySettingsStore } from './settings.ts'

const dayMs = 86_400_000
const againMs = 60_000
const perBatch = 500
const workMs = 5_000
const mostRounds = 30

/** Deletes a batch of what is older than `before`; `after` is where to go on, null when nothing is left of this round. */
export type Purge = (
  before: Date,
  after: string | null,
  limit: number,
) => Promise<{ readonly deleted: number; readonly after: string | null }>

/** A purge that needs no place: what it has deleted is gone. */
export const untilNothing =
  (purge: (before: Date, limit: number) => Promise<number>): Purge =>
  async (before, _after, limit) => {
    const deleted = await purge(before, limit)
    return { deleted, after: deleted < limit ? null : 'more' }
  }

type Deps = {
  mongo: Mongo
  clock: Clock
  settings: Pick<PrivacySettingsStore, 'fresh'>
  purges: Readonly<Record<RetentionKind, Purge>>
}

export type Retain = ReturnType<typeof createRetain>

/** Once a day deletes what is kept longer than the company wants, kind by kind, in small batches with the place kept. */
export const createRetain = ({ mongo, clock, settings, purges }: Deps) => {
  const { retention } = privacyCollections(mongo.connection)

  const ensure = async (kind: RetentionKind, now: Date): Promise<void> => {
    const fresh = { after: null, before: null, deleted: 0, total: 0, lastAt: null, rounds: [], lookAt: now }
    await retention.updateOne({ _id: kind }, { $setOnInsert: fresh }, { upsert: true })
  }
  let ready: Promise<unknown> | null = null

  const round = async (doc: RetentionDoc): Promise<RetentionDoc> => {
    if (doc.before !== null) return doc
    const days = (await settings.fresh()).retention[doc._id]
    const before = new Date(clock.now() - days * dayMs)
    await retention.updateOne({ _id: doc._id }, { $set: { before, after: null, deleted: 0 } })
    return { ...doc, before, after: null, deleted: 0 }
  }

  const close = async ({ _id, deleted }: RetentionDoc): Promise<void> => {
    const at = clock.date()
    const line = { rounds: { $each: [{ at, deleted }], $position: 0, $slice: mostRounds } }
    await retention.updateOne(
      { _id },
      {
        $set: { before: null, after: null, deleted: 0, lastAt: at, lookAt: new Date(at.getTime() + dayMs) },
        $inc: { total: deleted },
        ...(deleted === 0 ? {} : { $push: line }),
      },
    )
  }

  return {
    /** The kinds whose round is due; their next look is put off. */
    async due(now: Date): Promise<RetentionKind[]> {
      ready ??= Promise.all(retentionKinds.map((kind) => ensure(kind, now)))
      await ready
      const found = await retention.find({ lookAt: { $lte: now } }).toArray()
      const kinds = found.map(({ _id }) => _id)
      if (kinds.length > 0)
        await retention.updateMany(
          { _id: { $in: kinds }, lookAt: { $lte: now } },
          { $set: { lookAt: new Date(now.getTime() + againMs) } },
        )
      return kinds
    },

    /** Goes on with one kind; answers whether more is left. */
    async work(kind: RetentionKind): Promise<boolean> {
      const began = performance.now()
      const found = await retention.findOne({ _id: kind })
      if (found === null) return false
      let doc = await round(found)
      while (doc.before !== null) {
        const { deleted, after } = await purges[kind](doc.before, doc.after, perBatch)
        doc = { ...doc, deleted: doc.deleted + deleted, after }
        await retention.updateOne({ _id: kind }, { $set: { deleted: doc.deleted, after } })
        if (after === null) {
          await close(doc)
          return false
        }
        if (performance.now() - began > workMs) return true
      }
      return false
    },

    /** Something was deleted at its own moment, not in a round. */
    async note(kind: RetentionKind, deleted: number): Promise<void> {
      await ensure(kind, clock.date())
      const line = { rounds: { $each: [{ at: clock.date(), deleted }], $position: 0, $slice: mostRounds } }
      await retention.updateOne({ _id: kind }, { $inc: { total: deleted }, $push: line })
    },

    async states(): Promise<RetentionState[]> {
      const [docs, { retention: days }] = await Promise.all([retention.find({}).toArray(), settings.fresh()])
      return retentionKinds.map((kind) => {
        const doc = docs.find(({ _id }) => _id === kind)
        return {
          kind,
          days: days[kind],
          total: doc?.total ?? 0,
          lastAt: doc?.lastAt?.toISOString() ?? null,
          rounds: (doc?.rounds ?? []).map(({ at, deleted }) => ({ at: at.toISOString(), deleted })),
        }
      })
    },
  }
}
