import type { Mongo } from '../platform/mongo.ts'
import { convertedKey, type ImportFile } from './file.ts'
import { importCollections, within } from './imports.model.ts'

/** Deletes what an import holds of persons: the file, the lines not written yet, the rejected rows. What came of it stays on record. */
export const createForget = ({ mongo, file }: { mongo: Mongo; file: ImportFile }) => {
  const { imports, rejects, orders } = importCollections(mongo.connection)
  return async (id: string): Promise<void> => {
    await file.erase(id, convertedKey(id))
    await orders.deleteMany({ _id: within(id) })
    await rejects.deleteMany({ _id: within(id) })
    await imports.updateOne({ _id: id }, { $unset: { expiresAt: 1, fresh: 1 } })
  }
}
