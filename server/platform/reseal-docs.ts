import type { Connection } from 'mongoose'
import { z } from 'zod'

type Walked = { readonly after: string | null; readonly looked: number; readonly changed: number }
const Id = z.object({ _id: z.string() })

/**
 * Seals some fields of the next documents of a collection anew, in the order of ids. What somebody else has written meanwhile is
 * read again: a line that came in stays, what was emptied because somebody was erased stays empty.
 */
export const createResealDocs = (
  connection: Connection,
  name: string,
  fields: readonly string[],
  seal: (fields: object) => object | Promise<object>,
) => {
  const docs = connection.collection<{ _id: string }>(name)
  const projection = Object.fromEntries(fields.map((field) => [field, 1]))
  const changesOf = async (doc: object) => {
    const { _id } = Id.parse(doc)
    const own = Object.fromEntries(Object.entries(doc).filter(([field]) => field !== '_id'))
    const sealed = await seal(own)
    return fields.flatMap((field) => {
      const fresh: unknown = Reflect.get(sealed, field)
      if (JSON.stringify(fresh) === JSON.stringify(own[field])) return []
      return [{ updateOne: { filter: { _id, [field]: own[field] }, update: { $set: { [field]: fresh } } } }]
    })
  }

  return async (after: string | null, limit: number): Promise<Walked> => {
    const next = { _id: { $gt: after ?? '' } }
    const found = await docs.find(next, { projection }).sort({ _id: 1 }).limit(limit).toArray()
    const ids = found.map(({ _id }) => _id)
    let changed = 0
    let changes = (await Promise.all(found.map(changesOf))).flat()
    while (changes.length > 0) {
      const { matchedCount } = await docs.bulkWrite(changes, { ordered: false })
      changed += matchedCount
      if (matchedCount === changes.length) break
      const again = await docs.find({ _id: { $in: ids } }, { projection }).toArray()
      changes = (await Promise.all(again.map(changesOf))).flat()
    }
    return { after: found.length < limit ? null : (ids.at(-1) ?? null), looked: found.length, changed }
  }
}
