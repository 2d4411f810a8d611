import mongoose, { type Connection, type Model } from 'mongoose'
import type { Mongo } from '../platform/mongo.ts'

/** MongoDB's codes: such an index stands under another name or with other options; one of this name is of other fields. */
const standing: ReadonlySet<unknown> = new Set([85, 86])
/** There is no such collection, or no such index. */
const missing: ReadonlySet<unknown> = new Set([26, 27])
const refusedWith = (codes: ReadonlySet<unknown>, error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && codes.has(error.code)

/** Indexes that earlier builds made and nobody asks for any more; each would cost every write. */
const former: Readonly<Record<string, readonly string[]>> = {
  facts: ['customerId_1_pending_1'],
  identityConflicts: ['decided_1_at_1'],
}

type Collection = ReturnType<Connection['collection']>
type Index = { readonly name: string; readonly key: readonly [string, number][]; readonly options: object }

const declaredBy = ({ schema }: Model<unknown>): Index[] =>
  schema.indexes().map(([fields, options]) => {
    const key = Object.entries(fields).map(([field, direction]): [string, number] => [field, Number(direction)])
    return { name: options.name ?? key.flat().join('_'), key, options }
  })

const make = async (collection: Collection, { name, key, options }: Index): Promise<void> => {
  await collection.createIndex([...key], { ...options, name })
}

const drop = async (collection: Collection, name: string): Promise<void> => {
  try {
    await collection.dropIndex(name)
  } catch (error) {
    // Another process was faster, or it was never there.
    if (!refusedWith(missing, error)) throw error
  }
}

/** One of the same name, or of the same fields under a name nobody declares, gives way to what is declared. */
const replace = async (collection: Collection, index: Index, declared: ReadonlySet<string>): Promise<void> => {
  const fields = JSON.stringify(index.key)
  for (const { name = '', key } of await collection.indexes())
    if (name === index.name || (JSON.stringify(Object.entries(key)) === fields && !declared.has(name)))
      await drop(collection, name)
  await make(collection, index)
}

/**
 * Makes every index the models declare. Safe to run again and side by side: an index that stands already is left alone, one that an
 * earlier build made otherwise is made anew. Those of other fields that people made by hand stay.
 */
export const ensureIndexes = async ({ connection }: Pick<Mongo, 'connection'>): Promise<void> => {
  for (const model of Object.values(connection.models)) {
    const indexes = declaredBy(model)
    const names = new Set(indexes.map(({ name }) => name))
    for (const index of indexes)
      try {
        await make(model.collection, index)
      } catch (error) {
        if (!refusedWith(standing, error)) throw error
        await replace(model.collection, index, names)
      }
  }
  for (const [collection, names] of Object.entries(former))
    for (const name of names) await drop(connection.collection(collection), name)
}
