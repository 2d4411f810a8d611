import type { Mongo } from '../platform/mongo.ts'
import { receiptCollection, type ReceiptDoc } from './receipts.model.ts'

export type Receipt = Omit<ReceiptDoc, '_id'>

/** Who got what from others, as far as it uses the platform's quota. */
export const createReceipts = ({ connection }: Pick<Mongo, 'connection'>) => {
  const receipts = receiptCollection(connection)
  return {
    /** Keeps what was read; the same row again changes nothing. */
    async keep(list: readonly Receipt[]): Promise<void> {
      if (list.length === 0) return
      await receipts.bulkWrite(
        list.map((receipt) => ({
          updateOne: {
            filter: { _id: `${receipt.msgid}:${receipt.receiver}` },
            update: { $setOnInsert: receipt },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    },

    /** What these receivers got since then, by receiver, newest first. */
    async since(receivers: readonly string[], from: Date): Promise<ReadonlyMap<string, readonly Receipt[]>> {
      const found = new Map<string, Receipt[]>()
      if (receivers.length === 0) return found
      const rows = await receipts
        .find({ receiver: { $in: [...new Set(receivers)] }, at: { $gte: from } })
        .sort({ at: -1 })
        .toArray()
      for (const { _id, ...row } of rows) found.set(row.receiver, [...(found.get(row.receiver) ?? []), row])
      return found
    },

    /** These messages are ours and are counted as such. */
    async forget(msgids: readonly string[]): Promise<void> {
      if (msgids.length > 0) await receipts.deleteMany({ msgid: { $in: [...msgids] }, origin: { $ne: 'ours' } })
    },
  }
}

export type Receipts = ReturnType<typeof createReceipts>
