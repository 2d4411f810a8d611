import { setTimeout as sleep } from 'node:timers/promises'
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
  customers: ['lastSeenAt_1'],
  facts: ['customerId_1_pending_1'],
  intents: ['state_1_lookAt_1'],
  identityConflicts: ['decided_1_at_1'],
}

type Collection = ReturnType<Connection['collection']>
type Index = { readonly name: string; readonly key: readonly [string, number][]; readonly options: object }

const declaredBy = (schema: Model<unknown>['schema']): Index[] =>
  schema.indexes().map(([fields, options]) => {
    const key = Object.entries(fields).map(([field, direction]): [string, number] => [field, Number(direction)])
    return { name: options.name ?? key.flat().join('_'), key, options }
  })

/** An index over many documents takes longer than the driver waits for an answer; whoever asks again waits for the same one. */
const mostTries = 20
const restMs = 2_000

const make = async (collection: Collection, indexes: readonly Index[]): Promise<void> => {
  const specs = indexes.map(({ name, key, options }) => ({ ...options, name, key: new Map(key) }))
  for (let tries = 1; ; tries++)
    try {
      await collection.createIndexes(specs)
      return
    } catch (error) {
      if (!(error instanceof mongoose.mongo.MongoNetworkError) || tries === mostTries) throw error
      await sleep(restMs)
    }
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
  await make(collection, [index])
}

/** Answers whether they stand; false when one that stands otherwise is in the way, and then none was made. */
const made = async (collection: Collection, indexes: readonly Index[]): Promise<boolean> => {
  try {
    await make(collection, indexes)
    return true
  } catch (error) {
    if (!refusedWith(standing, error)) throw error
    return false
  }
}

/** In one reading of the documents, whatever number of indexes is missing. */
const ensure = async ({ collection, schema }: Model<unknown>): Promise<void> => {
  const indexes = declaredBy(schema)
  if (indexes.length === 0 || (await made(collection, indexes))) return
  const names = new Set(indexes.map(({ name }) => name))
  for (const index of indexes) if (!(await made(collection, [index]))) await replace(collection, index, names)
}

/** Makes the indexes of one model alone, where something depends on them before the others stand. */
export const ensureIndexesOf = async ({ connection }: Pick<Mongo, 'connection'>, name: string): Promise<void> => {
  const model = connection.models[name]
  if (model === undefined) throw new Error(`there is no model ${name}`)
  await ensure(model)
}

/**
 * Makes every index the models declare. Safe to run again and side by side: an index that stands already is left alone, one that an
 * earlier build made otherwise is made anew. Those of other fields that people made by hand stay.
 */
export const ensureIndexes = async ({ connection }: Pick<Mongo, 'connection'>): Promise<void> => {
  for (const model of Object.values(connection.models)) await ensure(model)
  for (const [collection, names] of Object.entries(former))
    for (const name of names) await drop(connection.collection(collection), name)
}
