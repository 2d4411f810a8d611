import mongoose from 'mongoose'
import type { Mongo } from '../platform/mongo.ts'
import { countCollection, type CountDoc, type CountEntry } from './counts.model.ts'

/** Kept a day longer than the longest window. */
const keptDays = 31
const maxRounds = 20

type Counts = ReadonlyMap<string, CountDoc>
type Decided<V> = { readonly verdict: V; readonly count: CountEntry | null }

/**
 * Counts permitted messages per customer. A permit is a write guarded by the record's revision and names its intent, so racing
 * permits cannot pass a cap and repeating one counts once.
 */
export const createCaps = (mongo: Mongo) => {
  const counts = countCollection(mongo.connection)

  const read = async (customerIds: readonly string[]): Promise<Map<string, CountDoc>> => {
    if (customerIds.length === 0) return new Map()
    const docs = await counts.find({ _id: { $in: [...new Set(customerIds)] } }).toArray()
    return new Map(docs.map((doc) => [doc._id, doc]))
  }

  /** Writes the new entries of each customer; answers whether every guard held. */
  const write = async (before: Counts, added: ReadonlyMap<string, CountEntry[]>): Promise<boolean> => {
    const operations = [...added].map(([_id, entries]) => {
      const had = before.get(_id)
      const newest = Math.max(...entries.map((entry) => entry.day))
      const kept = (had?.entries ?? []).filter((entry) => entry.day > newest - keptDays)
      return had === undefined
        ? { insertOne: { document: { _id, rev: 1, entries } } }
        : {
            updateOne: {
              filter: { _id, rev: had.rev },
              update: { $set: { entries: [...kept, ...entries] }, $inc: { rev: 1 } },
            },
          }
    })
    if (operations.length === 0) return true
    try {
      const written = await counts.bulkWrite(operations, { ordered: false })
      return written.insertedCount + written.matchedCount === operations.length
    } catch (error) {
      if (error instanceof mongoose.mongo.MongoBulkWriteError && error.code === 11000) return false
      throw error
    }
  }

  return {
    read,

    /**
     * Decides for each item with its customer's entries, and keeps what a permit counts. Items of one customer are decided in order, each
     * seeing the ones before. When somebody else wrote meanwhile, the whole is decided anew on what stands then.
     */
    async decideAll<I extends { customerId: string | null }, V>(
      items: readonly I[],
      decide: (item: I, entries: readonly CountEntry[]) => Decided<V>,
    ): Promise<V[]> {
      const ids = items.flatMap(({ customerId }) => (customerId === null ? [] : [customerId]))
      for (let round = 0; round < maxRounds; round += 1) {
        const before = await read(ids)
        const added = new Map<string, CountEntry[]>()
        const verdicts = items.map((item) => {
          const id = item.customerId
          const entries = id === null ? [] : [...(before.get(id)?.entries ?? []), ...(added.get(id) ?? [])]
          const { verdict, count } = decide(item, entries)
          if (id !== null && count !== null) added.set(id, [...(added.get(id) ?? []), count])
          return verdict
        })
        if (await write(before, added)) return verdicts
      }
      throw new Error('The counters of these customers change faster than they can be read')
    },

    /** Gives back what messages that did not arrive had counted. */
    async release(intents: readonly { id: string; customerId: string | null }[]): Promise<void> {
      const operations = intents.flatMap(({ id, customerId }) =>
        customerId === null
          ? []
          : [
              {
                updateOne: {
                  filter: { _id: customerId, 'entries.intent': id },
                  update: { $pull: { entries: { intent: id } }, $inc: { rev: 1 } },
                },
              },
            ],
      )
      if (operations.length > 0) await counts.bulkWrite(operations, { ordered: false })
    },
  }
}

export type Caps = ReturnType<typeof createCaps>
