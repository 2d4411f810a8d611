import mongoose from 'mongoose'
import type { GapKind } from '@zhiyin/shared/api/sync'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { RunDoc } from './runs.model.ts'
import { gapCollection, gapModel, type GapDoc, type Subject } from './gaps.model.ts'

const DUPLICATE = 11_000
/** A callback may be on its way, or its fact not yet folded: only what still differs after this long is a gap. */
export const settleMs = 120_000

export type Difference = { readonly kind: GapKind; readonly subject: Subject }

const keyOf = ({ kind, subject }: Difference): string =>
  [kind, subject.userid, subject.externalUserId, subject.chatId, subject.tagId].filter(Boolean).join(' ')

type Deps = { mongo: Mongo; clock: Clock; newId: NewId }

/** Differences between what callbacks told and what WeCom lists. */
export const createGaps = ({ mongo, clock, newId }: Deps) => {
  const gaps = gapModel(mongo.connection)
  const stored = gapCollection(mongo.connection)

  return {
    /**
     * Notes differences; one that is open already is not noted again. Answers how many are new. Where a person has asked they are
     * looked at again at once.
     */
    async suspect({ _id: runId, cause }: Pick<RunDoc, '_id' | 'cause'>, found: readonly Difference[]): Promise<number> {
      if (found.length === 0) return 0
      const now = clock.now()
      const checkAt = new Date(cause === 'by_hand' ? now : now + settleMs)
      const docs = found.map((difference): GapDoc => ({
        _id: newId('gap'),
        key: keyOf(difference),
        open: true,
        ...difference,
        state: 'suspected',
        runId,
        checkAt,
        foundAt: new Date(now),
        repairedAt: null,
        inboxId: null,
      }))
      try {
        await stored.insertMany(docs, { ordered: false })
        return docs.length
      } catch (error) {
        if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error
        const errors = [error.writeErrors].flat()
        if (errors.some(({ code }) => code !== DUPLICATE)) throw error
        if (cause === 'by_hand') {
          const keys = errors.flatMap(({ index }) => docs[index]?.key ?? [])
          await gaps.updateMany({ key: { $in: keys }, open: true, state: 'suspected' }, { $set: { runId, checkAt } })
        }
        return docs.length - errors.length
      }
    },

    /** A gap that somebody else has found and filled already. */
    async filled({ kind, subject }: Difference): Promise<void> {
      const at = clock.date()
      const key = `${keyOf({ kind, subject })} ${at.getTime()}`
      const rest = { state: 'repaired' as const, runId: '', foundAt: at, repairedAt: at, inboxId: null }
      await stored.insertOne({ _id: newId('gap'), key, kind, subject, ...rest })
    },

    load: (ids: readonly string[]): Promise<GapDoc[]> =>
      gaps
        .find({ _id: { $in: [...ids] }, open: true })
        .lean<GapDoc[]>()
        .exec(),

    openOf: async (runId: string): Promise<string[]> =>
      (await gaps.find({ runId, open: true }, { _id: 1 }).lean<Pick<GapDoc, '_id'>[]>()).map(({ _id }) => _id),

    /** It was only on its way. */
    drop: async (id: string): Promise<void> => void (await gaps.deleteOne({ _id: id, state: 'suspected' })),

    found: async (id: string, inboxId: string, checkAt: Date): Promise<void> =>
      void (await gaps.updateOne({ _id: id, open: true }, { $set: { state: 'found', inboxId, checkAt } })),

    end: async (id: string, state: 'repaired' | 'failed'): Promise<void> =>
      void (await gaps.updateOne(
        { _id: id, open: true },
        { $set: { state, repairedAt: state === 'repaired' ? clock.date() : null }, $unset: { open: 1, checkAt: 1 } },
      )),

    /** Looks again at `at`. */
    later: async (ids: readonly string[], at: Date): Promise<void> =>
      void (await gaps.updateMany({ _id: { $in: [...ids] }, open: true }, { $set: { checkAt: at } })),

    due: (now: Date, limit: number): Promise<Pick<GapDoc, '_id'>[]> =>
      gaps
        .find({ checkAt: { $lte: now } }, { _id: 1 })
        .sort({ checkAt: 1 })
        .limit(limit)
        .lean<Pick<GapDoc, '_id'>[]>()
        .exec(),

    countDue: (now: Date): Promise<number> => gaps.countDocuments({ checkAt: { $lte: now } }),
  }
}

export type Gaps = ReturnType<typeof createGaps>
