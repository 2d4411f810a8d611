import type { Mongo } from '../platform/mongo.ts'
import type { Sealing } from '../platform/vault.ts'
import type { Holding, Person } from '../privacy/types.ts'
import { createImportFile, convertedKey } from './file.ts'
import { importCollections } from './imports.model.ts'

const over = ['done', 'cancelled', 'failed'] as const

/** Rejected rows that name a person, and files of imports that are over: nobody can take one row out of a file. */
export const createImportsPersonal = ({ mongo, vault }: { mongo: Mongo; vault: Sealing }): Holding => {
  const { imports, rejects } = importCollections(mongo.connection)
  const file = createImportFile({ mongo, vault })

  /** Rows by their words, in the order of ids; they are kept for some weeks only. */
  const naming = async ({ names, externalUserIds, contacts }: Person): Promise<string[]> => {
    const words = [...names, ...externalUserIds, ...contacts]
    const found: string[] = []
    for await (const row of rejects.find({}).sort({ _id: 1 })) {
      const { cells } = vault.open(row)
      if (words.some((word) => cells.some((cell) => cell.includes(word)))) found.push(row._id)
    }
    return found
  }

  return {
    room: 'imports',
    collect: async (person) => ({ rejectedRows: await rejects.find({ _id: { $in: await naming(person) } }).toArray() }),
    async forget(person) {
      const rows = await rejects.deleteMany({ _id: { $in: await naming(person) } })
      const ended = await imports.find({ state: { $in: [...over] } }, { projection: { _id: 1 } }).toArray()
      for (const { _id } of ended) await file.erase(_id, convertedKey(_id))
      return { rejectedRows: rows.deletedCount }
    },
  }
}
