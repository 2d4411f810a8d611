import { createHash } from 'node:crypto'
import mongoose from 'mongoose'
import type { MediaKind } from '@zhiyin/shared/api/media'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { endingIn, inspect } from './inspect.ts'
import { chunkBytes, chunkId, mediaCollections, type AssetDoc } from './media.model.ts'

export type NewFile = {
  readonly kind: MediaKind
  readonly name: string
  readonly folder?: string | undefined
  readonly bytes: Uint8Array
  readonly by: string
}

const chunksOf = (size: number): number[] => [...Array(Math.ceil(size / chunkBytes)).keys()]

/** The originals, in pieces in the database: every process has them, and they outlive each. */
export const createFiles = ({ mongo, clock, newId }: { mongo: Mongo; clock: Clock; newId: NewId }) => {
  const { assets, chunks } = mediaCollections(mongo.connection)

  const find = (id: string): Promise<AssetDoc | null> => assets.findOne({ _id: id, state: 'ready' })
  const get = async (id: string): Promise<AssetDoc> => {
    const asset = await find(id)
    if (asset === null) throw notFound('media', id)
    return asset
  }
  const erase = async ({ _id, size }: AssetDoc): Promise<void> => {
    await chunks.deleteMany({ _id: { $in: chunksOf(size).map((index) => chunkId(_id, index)) } })
    await assets.deleteOne({ _id })
  }

  return {
    /** Throws not_found. */
    get,

    /** Keeps a file; the same bytes under the same name are kept once. Throws media.* for what WeCom would not take. */
    async store({ kind, name, folder = '', bytes, by }: NewFile): Promise<AssetDoc> {
      const facts = inspect(kind, bytes)
      const doc: AssetDoc = {
        _id: newId('asset'),
        kind,
        name: endingIn(name, kind, facts),
        folder,
        mime: facts.mime,
        size: bytes.length,
        seconds: facts.seconds,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        state: 'storing',
        createdAt: clock.date(),
        createdBy: by,
      }
      const same = await assets.findOne({ sha256: doc.sha256, kind, name: doc.name, state: 'ready' })
      if (same !== null) return same
      await assets.insertOne(doc)
      for (const index of chunksOf(bytes.length)) {
        const piece = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)
        await chunks.insertOne({ _id: chunkId(doc._id, index), bytes: new mongoose.mongo.Binary(piece) })
      }
      await assets.updateOne({ _id: doc._id }, { $set: { state: 'ready' } })
      return { ...doc, state: 'ready' }
    },

    /** The bytes of a file. Throws not_found. */
    async bytesOf({ _id, size }: AssetDoc): Promise<Uint8Array<ArrayBuffer>> {
      const whole = new Uint8Array(size)
      for (const index of chunksOf(size)) {
        const chunk = await chunks.findOne({ _id: chunkId(_id, index) })
        if (chunk === null) throw notFound('media', _id)
        whole.set(chunk.bytes.buffer.subarray(0, chunk.bytes.position), index * chunkBytes)
      }
      return whole
    },

    /** One page, newest first; the cursor is the id of the last one. */
    async list(query: {
      kind?: MediaKind | undefined
      q?: string | undefined
      folder?: string | undefined
      limit: number
      after?: string | undefined
    }): Promise<{ items: AssetDoc[]; next: string | null }> {
      const { kind, q, folder, limit, after } = query
      const found = await assets
        .find({
          state: 'ready',
          ...(kind === undefined ? {} : { kind }),
          ...(folder === undefined ? {} : { folder: folder === '' ? { $not: { $gt: '' } } : folder }),
          ...(q ? { name: { $regex: q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' } } : {}),
          ...(after === undefined ? {} : { _id: { $lt: after } }),
        })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .toArray()
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?._id ?? null) : null }
    },

    /** Folders with how many files are in each, those in none under ''. */
    async folders(kind: MediaKind | undefined): Promise<{ folder: string; files: number }[]> {
      const counted = await assets
        .aggregate<{ _id: string | null; files: number }>([
          { $match: { state: 'ready', ...(kind === undefined ? {} : { kind }) } },
          { $group: { _id: { $ifNull: ['$folder', ''] }, files: { $sum: 1 } } },
          { $sort: { _id: 1 } },
        ])
        .toArray()
      return counted.map(({ _id, files }) => ({ folder: _id ?? '', files }))
    },

    /** Throws not_found. */
    async move(id: string, folder: string): Promise<AssetDoc> {
      const asset = await get(id)
      await assets.updateOne({ _id: id }, { $set: { folder } })
      return { ...asset, folder }
    },

    /** Throws not_found. */
    remove: async (id: string): Promise<void> => erase(await get(id)),

    /** Files whose upload was broken off by then: nobody can use them. */
    async sweepBroken(before: Date): Promise<number> {
      const broken = await assets
        .find({ state: 'storing', createdAt: { $lte: before } })
        .limit(20)
        .toArray()
      for (const asset of broken) await erase(asset)
      return broken.length
    },
  }
}

export type Files = ReturnType<typeof createFiles>
