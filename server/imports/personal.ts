import type { Mongo } from '../platform/mongo.ts'
import type { Sealing } from '../platform/vault.ts'
import type { Holding, Person } from '../privacy/types.ts'
import { createImportFile, convertedKey } from './file.ts'
import { importCollections, over } from './imports.model.ts'

/**
 * Rejected rows that name a person, and files: nobody can take one row out of a file. That of an import under way is deleted when it is over;
 * what it says of whoever is erased is not taken.
 */
export const createImportsPersonal = ({ mongo, vault }: { mongo: Mongo; vault: Sealing }): Holding => {
  const { imports, rejects } = importCollections(mongo.connection)
  const file = createImportFile({ mongo, vault })

  /** Rows by their words, in the order of ids; they are kept for some weeks only. */
  const naming = async ({ names, externalUserIds, contacts, keys }: Person): Promise<string[]> => {
    const words = [...names, ...externalUserIds, ...contacts]
    // A number of a shop may stand in other numbers: it is meant where it is all there is.
    const numbers = new Set(keys.map((key) => key.slice(key.indexOf(':') + 1)))
    const found: string[] = []
    for await (const row of rejects.find({}).sort({ _id: 1 })) {
      const { cells } = vault.open(row)
      if (cells.some((cell) => numbers.has(cell.trim()) || words.some((word) => cell.includes(word))))
        found.push(row._id)
    }
    return found
  }

  return {
    room: 'imports',
    collect: async (person) => ({ rejectedRows: await rejects.find({ _id: { $in: await naming(person) } }).toArray() }),
    async forget(person) {
      const rows = await rejects.deleteMany({ _id: { $in: await naming(person) } })
      // Marked first: one that ends meanwhile is found by the sweep.
      await imports.updateMany({ state: { $nin: [...over] } }, { $set: { struck: true } })
      const ended = await imports.find({ state: { $in: [...over] } }, { projection: { _id: 1 } }).toArray()
      for (const { _id } of ended) await file.erase(_id, convertedKey(_id))
      return { rejectedRows: rows.deletedCount }
    },
  }
}
