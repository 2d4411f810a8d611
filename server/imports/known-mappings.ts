import type { ImportKind, Mapping, Target } from '@zhiyin/shared/import'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { isReason, signatureOf } from './guess.ts'
import { importCollections, type ImportDoc } from './imports.model.ts'

const skip: Target = { to: 'skip' }

/** Mappings people have used, for files with the same columns; a column of reasons is none of the file's own. */
export const createKnownMappings = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const { mappings } = importCollections(mongo.connection)
  return {
    async keep(kind: ImportKind, columns: readonly string[], mapping: Mapping, by: string): Promise<void> {
      const own = mapping.columns.filter((_target, column) => !isReason(columns[column] ?? ''))
      await mappings.updateOne(
        { _id: signatureOf(kind, columns) },
        { $set: { mapping: { ...mapping, columns: own }, at: clock.date(), by } },
        { upsert: true },
      )
    },

    /** The mapping used last for these columns, else what their names suggest. */
    async propose(
      kind: ImportKind,
      columns: readonly string[],
      guessed: () => Promise<Mapping>,
    ): Promise<Pick<ImportDoc, 'mapping' | 'proposedBy'>> {
      const known = await mappings.findOne({ _id: signatureOf(kind, columns) })
      if (known === null) return { mapping: await guessed(), proposedBy: 'names' }
      const left = [...known.mapping.columns]
      const targets = columns.map((header) => (isReason(header) ? skip : (left.shift() ?? skip)))
      return { mapping: { ...known.mapping, columns: targets }, proposedBy: 'earlier' }
    },
  }
}
