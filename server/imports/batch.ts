import type { ClientSession } from 'mongoose'
import type { ImportCounts } from '@zhiyin/shared/import'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Mongo } from '../platform/mongo.ts'
import { unsealed, type Sealing } from '../platform/vault.ts'
import type { Row } from './types.ts'
import { importCollections, numbered, type ImportDoc, type RejectDoc } from './imports.model.ts'

/** A row of somebody erased: that there was one. */
export const withoutWords = (cells: readonly string[]): string[] => cells.map(() => '')

/** Somebody else goes on with this import, or it was paused or cancelled. */
export class Taken extends Error {}

/** A row that is not taken. */
export type Rejected = Omit<RejectDoc, '_id'>

/** What one batch comes to. */
export type Outcome = {
  readonly facts: readonly NewFact[]
  readonly rejected: readonly Rejected[]
  readonly counts: Partial<ImportCounts>
  /** How far the work has come with it. */
  readonly set: Partial<ImportDoc>
  readonly written?: { readonly orders: number; readonly ids: readonly string[] }
  /** Time it took. */
  readonly ms: number
}

/** The place in the file behind some rows. */
export const placeBehind = ({ offset, row }: ImportDoc, rows: readonly Row[]): Pick<ImportDoc, 'offset' | 'row'> => {
  const last = rows.at(-1)
  return last === undefined ? { offset, row } : { offset: last.end, row: last.row }
}

type Deps = {
  mongo: Mongo
  append: (facts: readonly NewFact[], session: ClientSession) => Promise<unknown>
  vault?: Sealing
}

export type Batches = ReturnType<typeof createBatches>

/** Closes batches: what a batch did and how far the file is worked through are one transaction, so a batch counts once. */
export const createBatches = ({ mongo, append, vault = unsealed }: Deps) => {
  const { imports, rejects, orders } = importCollections(mongo.connection)
  const mine = ({ _id, lease }: ImportDoc) => ({ _id, state: 'running' as const, 'lease.id': lease?.id ?? '' })

  return {
    /** Notes something of an import that is still ours. Throws Taken. */
    async note(doc: ImportDoc, set: Partial<ImportDoc>): Promise<void> {
      const kept = await imports.updateOne(mine(doc), { $set: set })
      if (kept.matchedCount === 0) throw new Taken()
    },

    /** Throws Taken, and then nothing of the batch was done. */
    close: (doc: ImportDoc, { facts, rejected, counts, set, written, ms }: Outcome): Promise<void> =>
      mongo.transaction(async (session) => {
        const inc = Object.fromEntries(Object.entries(counts).map(([name, n]) => [`counts.${name}`, n]))
        const kept = await imports.updateOne(
          mine(doc),
          {
            $set: { ...set, failures: 0, problem: null },
            $inc: { ...inc, 'pace.ms': ms, 'pace.rows': counts.rows ?? 0, 'orders.written': written?.orders ?? 0 },
          },
          { session },
        )
        if (kept.matchedCount === 0) throw new Taken()
        if (facts.length > 0) await append(facts, session)
        if (rejected.length > 0)
          await rejects.bulkWrite(
            rejected.map((one) => ({
              replaceOne: {
                filter: { _id: numbered(doc._id, one.row) },
                replacement: vault.sealTexts(one),
                upsert: true,
              },
            })),
            { session },
          )
        if (written !== undefined && written.ids.length > 0)
          await orders.deleteMany({ _id: { $in: [...written.ids] } }, { session })
      }),
  }
}
