import { createHash } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { eachOf } from '../platform/parallel.ts'
import { couponCollections } from './coupons.model.ts'

const atOnce = 8

const digest = (key: string): string => createHash('sha256').update(key).digest('base64url')

/** Codes for these keys out of a batch, each taken once and for ever the same; a key is left out where none are left. */
export type Take = (batchId: string, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>

export const createTake = ({ mongo, clock }: { mongo: Mongo; clock: Clock }): Take => {
  const { codes } = couponCollections(mongo.connection)

  const takenBy = async (batchId: string, key: string): Promise<string | null> =>
    (await codes.findOne({ batchId, key }))?.code ?? null

  const takeOne = async (batchId: string, key: string): Promise<string | null> => {
    try {
      const taken = await codes.findOneAndUpdate(
        { batchId, free: true },
        { $set: { key, takenAt: clock.date() }, $unset: { free: '' } },
        { sort: { at: 1 }, returnDocument: 'after' },
      )
      return taken?.code ?? null
    } catch (error) {
      // The same send, somewhere else at the same time, took one; this one stays free.
      if (isDuplicate(error)) return takenBy(batchId, key)
      throw error
    }
  }

  return async (batchId, keys) => {
    const byDigest = new Map(keys.map((key) => [digest(key), key]))
    const had = await codes.find({ batchId, key: { $in: [...byDigest.keys()] } }).toArray()
    const found = new Map(had.map(({ key = '', code }) => [key, code]))
    const wanted = [...byDigest.keys()].filter((key) => !found.has(key))
    await eachOf(wanted, atOnce, async (key) => {
      const code = await takeOne(batchId, key)
      if (code !== null) found.set(key, code)
    })
    return new Map(
      [...byDigest].flatMap(([hashed, key]) => {
        const code = found.get(hashed)
        return code === undefined ? [] : [[key, code]]
      }),
    )
  }
}
