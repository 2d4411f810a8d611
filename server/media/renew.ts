import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachOf } from '../platform/parallel.ts'
import type { Files } from './files.ts'
import { mediaCollections } from './media.model.ts'
import { uploadId, type Uploads } from './uploads.ts'

const hourMs = 3_600_000
/** What is due and renewed leaves with more than a day. */
const leftMs = 25 * hourMs
/** Used within so long, it is likely to be used again. */
const latelyMs = 7 * 24 * hourMs
/** A renewal that failed is tried again after this. */
const againMs = 5 * 60_000
const brokenMs = 24 * hourMs
const perRound = 50
const atOnce = 2

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  enqueue: Enqueue
  uploads: Uploads
  files: Pick<Files, 'sweepBroken'>
  /** The files that rules which are on would send. */
  bound: () => Promise<ReadonlySet<string>>
}

/** Keeps ready what is in use: of a live rule, or lately. The rest lapses and is put into WeCom again when somebody asks. */
export const createRenew = ({ mongo, clock, log, enqueue, uploads, files, bound }: Deps) => {
  const collection = mediaCollections(mongo.connection).uploads

  /** 'media.renew' */
  const renew = async (ids: readonly string[]): Promise<void> => {
    const due = await collection.find({ _id: { $in: [...ids] } }).toArray()
    const live = await bound()
    const since = clock.now() - latelyMs
    await eachOf(due, atOnce, async ({ _id, assetId, usedAt, purpose }) => {
      if (!live.has(assetId) && usedAt.getTime() < since) {
        await collection.updateOne({ _id }, { $unset: { renewAt: 1 } })
        return
      }
      if (purpose === 'message' || purpose === 'moment' || purpose === 'album')
        await uploads.ensure({ assetId, purpose }, leftMs)
    })
  }

  const sweep: Sweep = {
    stage: 'media',
    async run(now) {
      const due = await collection
        .find({ renewAt: { $lte: now } }, { projection: { _id: 1 } })
        .limit(perRound)
        .toArray()
      const ids = due.map(({ _id }) => _id)
      if (ids.length > 0) {
        const renewAt = new Date(now.getTime() + againMs)
        await collection.updateMany({ _id: { $in: ids }, renewAt: { $lte: now } }, { $set: { renewAt } })
        await enqueue('media.renew', { ids })
      }
      const broken = await files.sweepBroken(new Date(now.getTime() - brokenMs))
      if (broken > 0) log.info({ broken }, 'files whose upload was broken off are gone')
      return ids.length + broken
    },
  }

  const backlog: BacklogOf = {
    stage: 'media',
    async count(now) {
      const due = await collection.countDocuments({ renewAt: { $lte: now } })
      return { pending: 0, due, dead: 0, oldestAt: null }
    },
  }

  return {
    renew,
    sweep,
    backlog,
    /** Has these files ready for messages soon, and counts as a use. */
    async prefetch(assetIds: readonly string[]): Promise<void> {
      if (assetIds.length === 0) return
      const now = clock.date()
      const renewAt = new Date(now.getTime() + againMs)
      await collection.bulkWrite(
        assetIds.map((assetId) => ({
          updateOne: {
            filter: { _id: uploadId(assetId, 'message') },
            update: {
              $set: { usedAt: now },
              $min: { renewAt },
              $setOnInsert: {
                assetId,
                purpose: 'message',
                mediaId: null,
                at: null,
                claim: null,
                failedAt: null,
                error: null,
              },
            },
            upsert: true,
          },
        })),
        { ordered: false },
      )
      await enqueue('media.renew', { ids: assetIds.map((assetId) => uploadId(assetId, 'message')) })
    },
  }
}
