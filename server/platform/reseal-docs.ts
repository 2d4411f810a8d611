import type { Connection } from 'mongoose'
import { z } from 'zod'

type Walked = { readonly after: string | null; readonly looked: number; readonly changed: number }
const Id = z.object({ _id: z.string() })

/**
 * Seals some fields of the next documents of a collection anew, in the order of ids. What was emptied meanwhile, because somebody was
 * erased, stays empty.
 */
export const createResealDocs =
  (connection: Connection, name: string, fields: readonly string[], seal: (fields: object) => object) =>
  async (after: string | null, limit: number): Promise<Walked> => {
    const docs = connection.collection<{ _id: string }>(name)
    const projection = Object.fromEntries(fields.map((field) => [field, 1]))
    const found = await docs
      .find({ _id: { $gt: after ?? '' } }, { projection })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    const changes = found.flatMap((doc) => {
      const { _id } = Id.parse(doc)
      const own = Object.fromEntries(Object.entries(doc).filter(([field]) => field !== '_id'))
      const sealed = seal(own)
      return fields.flatMap((field) => {
        const fresh: unknown = Reflect.get(sealed, field)
        if (JSON.stringify(fresh) === JSON.stringify(own[field])) return []
        return [{ updateOne: { filter: { _id, [field]: { $nin: [null, ''] } }, update: { $set: { [field]: fresh } } } }]
      })
    })
    if (changes.length > 0) await docs.bulkWrite(changes, { ordered: false })
    const last = found.length < limit ? null : (found.at(-1)?._id ?? null)
    return { after: last, looked: found.length, changed: changes.length }
  }
