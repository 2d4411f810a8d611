import mongoose, { type Connection } from 'mongoose'
import type { Vault } from './vault.ts'

type PieceDoc = { _id: string } & Record<string, unknown>
/** Pieces are large: so many are held at once. */
const atOnce = 10

/** Seals the next pieces of files in a collection with the newest key, in the order of ids; what nobody can open stays as it is. */
export const createResealBytes =
  (
    connection: Connection,
    name: string,
    { newest, keyIdOfBytes, openBytes, sealBytes }: Pick<Vault, 'newest' | 'keyIdOfBytes' | 'openBytes' | 'sealBytes'>,
    field = 'bytes',
  ) =>
  async (after: string | null): Promise<{ after: string | null; looked: number; changed: number }> => {
    const pieces = connection.collection<PieceDoc>(name)
    const docs = await pieces
      .find({ _id: { $gt: after ?? '' } })
      .sort({ _id: 1 })
      .limit(atOnce)
      .toArray()
    let changed = 0
    for (const { _id, [field]: bytes } of docs) {
      if (!(bytes instanceof mongoose.mongo.Binary)) continue
      const sealed = bytes.buffer.subarray(0, bytes.position)
      const opened = keyIdOfBytes(sealed) === newest ? null : openBytes(sealed)
      if (opened === null) continue
      await pieces.updateOne(
        { _id, [field]: bytes },
        { $set: { [field]: new mongoose.mongo.Binary(sealBytes(opened)) } },
      )
      changed += 1
    }
    return { after: docs.length < atOnce ? null : (docs.at(-1)?._id ?? null), looked: docs.length, changed }
  }
