import { codesIn, type CodesTaken, type CouponInput } from '@zhiyin/shared/coupon'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { codeId, couponCollections, type BatchDoc, type CodeDoc } from './coupons.model.ts'
import { createHandOut } from './hand-out.ts'
import { createTake } from './take.ts'

/** A batch with its stock. */
export type CouponItem = BatchDoc & { readonly total: number; readonly left: number; readonly expired: boolean }

/** A change shows in rendered messages within this. */
const freshMs = 1000
const perWrite = 1000

/** Coupon codes (券码) in batches: taken one a send, exactly once. */
export const createCoupons = ({ mongo, clock, newId }: { mongo: Mongo; clock: Clock; newId: NewId }) => {
  const { batches, codes } = couponCollections(mongo.connection)
  const take = createTake({ mongo, clock })
  const find = (ids: readonly string[]): Promise<BatchDoc[]> => batches.find({ _id: { $in: [...ids] } }).lean()
  const kept = new Map<string, { readonly at: number; readonly batch: BatchDoc | null }>()

  const withStock = async (batch: BatchDoc): Promise<CouponItem> => {
    const [total, left] = await Promise.all([
      codes.countDocuments({ batchId: batch._id }),
      codes.countDocuments({ batchId: batch._id, free: true }),
    ])
    const expired = batch.expiresAt !== null && batch.expiresAt <= clock.date()
    return { ...batch, total, left, expired }
  }
  const get = async (id: string): Promise<CouponItem> => {
    const [batch] = await find([id])
    if (batch === undefined) throw notFound('coupon', id)
    return withStock(batch)
  }
  const fieldsOf = ({ name, value, expiresAt, lowAt }: CouponInput) => ({
    name,
    value,
    lowAt,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  })

  return {
    list: async (): Promise<CouponItem[]> =>
      Promise.all((await batches.find().sort({ _id: -1 }).limit(200).lean<BatchDoc[]>()).map(withStock)),
    /** Throws not_found. */
    get,
    async create(input: CouponInput, by: string): Promise<CouponItem> {
      const doc = { _id: newId('coupon'), ...fieldsOf(input), createdAt: clock.date(), createdBy: by }
      await batches.create(doc)
      return withStock(doc)
    },
    /** Throws not_found. */
    async update(id: string, input: CouponInput): Promise<CouponItem> {
      const { matchedCount } = await batches.updateOne({ _id: id }, { $set: fieldsOf(input) })
      if (matchedCount === 0) throw notFound('coupon', id)
      kept.delete(id)
      return get(id)
    },
    /** Puts the codes of a text into a batch; those that are there stay as they are. Throws not_found. */
    async add(id: string, text: string): Promise<CodesTaken> {
      await get(id)
      const { codes: given, wrong, twice } = codesIn(text)
      const begun = clock.now()
      let added = 0
      for (let from = 0; from < given.length; from += perWrite) {
        const { upsertedCount } = await codes.bulkWrite(
          given.slice(from, from + perWrite).map((code, index) => {
            const fresh: Omit<CodeDoc, '_id'> = { batchId: id, code, at: begun + (from + index) / 1e6, free: true }
            return { updateOne: { filter: { _id: codeId(id, code) }, update: { $setOnInsert: fresh }, upsert: true } }
          }),
          { ordered: false },
        )
        added += upsertedCount
      }
      return { added, known: given.length - added + twice, wrong }
    },
    /** What a message says of a batch; at most a second old. */
    async factsOf(id: string): Promise<BatchDoc | null> {
      const now = clock.now()
      const had = kept.get(id)
      if (had !== undefined && Math.abs(now - had.at) < freshMs) return had.batch
      const [batch = null] = await find([id])
      kept.set(id, { at: now, batch })
      return batch
    },
    handOut: createHandOut({ clock, take, find }),
  }
}

export type Coupons = ReturnType<typeof createCoupons>
