import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { mediaCollections, type UploadDoc } from './media.model.ts'
import type { Put } from './put.ts'

/** What a file is for. One id serves one purpose (41072): messages of every kind, moments, albums, a card's picture, robots (by the webhook of one). */
export type Purpose = 'message' | 'moment' | 'album' | 'picture' | { readonly robot: string }

export type Use = {
  /** For how long the id must still be good; default 10 minutes. */
  readonly leftMs?: number
}

/** The id under which WeCom has a file now, put there if need be. Throws not_found, media.not_ready, WecomError. */
export type MediaIdFor = (assetId: string, purpose: Purpose, use?: Use) => Promise<string>

const hourMs = 3_600_000
/** An id lives 3 days (limits.md §1); a little less, for our clock is not WeCom's. */
const lifeMs = 72 * hourMs - 10 * 60_000
/** It is renewed a day before, so that a message that is confirmed late still has it. */
const renewAfterMs = 48 * hourMs
const defaultLeftMs = 10 * 60_000
/** Longer than an upload may take. */
const claimMs = 90_000
const waitMs = 100
/** Not noted at every use. */
const usedEveryMs = hourMs

const nameOf = (purpose: Purpose): string => (typeof purpose === 'string' ? purpose : 'robot')
export const uploadId = (assetId: string, purpose: Purpose): string => `${assetId}:${nameOf(purpose)}`
/** An address lasts; a robot's upload needs its webhook, which nobody keeps here. */
const renewed = (purpose: Purpose): boolean => typeof purpose === 'string' && purpose !== 'picture'

/** Until when what WeCom has is good; null: it has nothing. */
export const goodUntil = ({ mediaId, at, purpose }: Pick<UploadDoc, 'mediaId' | 'at' | 'purpose'>): Date | null => {
  if (mediaId === null || at === null) return null
  return purpose === 'picture' ? new Date(8.64e15) : new Date(at.getTime() + lifeMs)
}

type Wanted = { readonly assetId: string; readonly purpose: Purpose }
type Deps = { mongo: Mongo; clock: Clock; put: Put }

/** One upload per file and purpose for all processes that ask at the same time: who has the claim uploads, the others wait for the id. */
export const createUploads = ({ mongo, clock, put }: Deps) => {
  const { uploads } = mediaCollections(mongo.connection)
  const running = new Map<string, Promise<unknown>>()

  /** `seen`: the id that is not good enough; another one may have come meanwhile. */
  const claim = async ({ assetId, purpose }: Wanted, seen: string | null): Promise<string | null> => {
    const _id = uploadId(assetId, purpose)
    const now = clock.date()
    const mine = { id: randomUUID(), until: new Date(now.getTime() + claimMs) }
    const fresh = { assetId, purpose: nameOf(purpose), at: null, usedAt: now, failedAt: null, error: null }
    try {
      const claimed = await uploads.updateOne(
        { _id, mediaId: seen, $or: [{ claim: null }, { 'claim.until': { $lte: now } }] },
        { $set: { claim: mine }, $setOnInsert: fresh },
        { upsert: true },
      )
      return claimed.matchedCount + claimed.upsertedCount === 1 ? mine.id : null
    } catch (error) {
      // It exists and somebody else has it.
      if (isDuplicate(error)) return null
      throw error
    }
  }

  /** Uploads under the claim. What it came to is written for those who wait elsewhere. */
  const upload = async ({ assetId, purpose }: Wanted, claimId: string): Promise<void> => {
    const at = clock.date()
    const mine = { _id: uploadId(assetId, purpose), 'claim.id': claimId }
    try {
      const mediaId = await put(assetId, purpose)
      const renewAt = renewed(purpose) ? { renewAt: new Date(at.getTime() + renewAfterMs) } : {}
      const set = { mediaId, at, claim: null, failedAt: null, error: null, ...renewAt }
      await uploads.updateOne(mine, { $set: set })
    } catch (error) {
      const set = { claim: null, failedAt: clock.date(), error: messageOf(error).slice(0, 300) }
      await uploads.updateOne(mine, { $set: set })
      throw error
    }
  }

  /** What WeCom has of a file, good for `leftMs` at least. */
  const ensure = async (wanted: Wanted, leftMs: number): Promise<UploadDoc & { mediaId: string }> => {
    const _id = uploadId(wanted.assetId, wanted.purpose)
    const began = clock.now()
    for (;;) {
      const doc = await uploads.findOne({ _id })
      const until = doc === null ? null : goodUntil(doc)
      if (doc !== null && doc.mediaId !== null && until !== null && until.getTime() - clock.now() > leftMs)
        return { ...doc, mediaId: doc.mediaId }
      // Somebody else's try, begun after we asked, has failed: ours would as well.
      if (doc !== null && doc.claim === null && doc.failedAt !== null && doc.failedAt.getTime() > began)
        throw new AppError('media.not_ready', { params: { name: doc.error ?? '' }, retry: 'backoff', status: 503 })
      const other = running.get(_id)
      const claimId = other === undefined ? await claim(wanted, doc?.mediaId ?? null) : null
      if (other !== undefined) await other
      else if (claimId === null) await sleep(waitMs)
      else {
        const work = upload(wanted, claimId).finally(() => running.delete(_id))
        running.set(_id, work)
        await work
      }
    }
  }

  const mediaIdFor: MediaIdFor = async (assetId, purpose, { leftMs = defaultLeftMs } = {}) => {
    const { _id, mediaId, usedAt } = await ensure({ assetId, purpose }, leftMs)
    const now = clock.date()
    if (now.getTime() - usedAt.getTime() >= usedEveryMs) await uploads.updateOne({ _id }, { $set: { usedAt: now } })
    return mediaId
  }

  return {
    ensure,
    mediaIdFor,

    /** WeCom does not take these ids (any more): they are put there anew at the next ask. */
    async forget(mediaIds: readonly string[]): Promise<void> {
      await uploads.updateMany(
        { mediaId: { $in: [...mediaIds] } },
        { $set: { mediaId: null, at: null }, $unset: { renewAt: 1 } },
      )
    },

    /** What WeCom has of these files for messages. */
    async states(assetIds: readonly string[]): Promise<Map<string, UploadDoc>> {
      const found = await uploads.find({ _id: { $in: assetIds.map((id) => uploadId(id, 'message')) } }).toArray()
      return new Map(found.map((doc) => [doc.assetId, doc]))
    },
  }
}

export type Uploads = ReturnType<typeof createUploads>
