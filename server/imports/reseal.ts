import type { Mongo } from '../platform/mongo.ts'
import type { Vault } from '../platform/vault.ts'
import { importCollections } from './imports.model.ts'

/** Seals the next rejected rows with the newest key, in the order of ids. */
export const createResealRejects = ({ connection }: Pick<Mongo, 'connection'>, { renew }: Pick<Vault, 'renew'>) => {
  const { rejects } = importCollections(connection)
  return async (
    after: string | null,
    limit: number,
  ): Promise<{ after: string | null; looked: number; changed: number }> => {
    const docs = await rejects
      .find({ _id: { $gt: after ?? '' } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    const renewed = docs.map((doc) => renew(doc))
    const changes = renewed.flatMap(({ _id, cells }, i) =>
      JSON.stringify(cells) === JSON.stringify(docs[i]?.cells)
        ? []
        : [{ updateOne: { filter: { _id }, update: { $set: { cells } } } }],
    )
    if (changes.length > 0) await rejects.bulkWrite(changes, { ordered: false })
    return {
      after: docs.length < limit ? null : (docs.at(-1)?._id ?? null),
      looked: docs.length,
      changed: changes.length,
    }
  }
}
