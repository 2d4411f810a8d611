import type { ClientSession } from 'mongoose'
import type { Mongo } from '../../platform/mongo.ts'
import { partModel } from './merges.model.ts'

/** Customers who became part of another one: who stands for them now, and who is part of whom. Look-ups by primary key. */
export const createWholes = ({ connection }: Pick<Mongo, 'connection'>) => {
  const parts = partModel(connection)

  /** Whom each of these is part of now; those who are part of nobody are left out. */
  const of = async (ids: readonly string[], session?: ClientSession): Promise<Map<string, string>> => {
    const into = new Map<string, string>()
    for (let ask = [...new Set(ids)]; ask.length > 0;) {
      const found = await parts
        .find({ _id: { $in: ask } }, { into: 1 })
        .session(session ?? null)
        .lean()
      for (const part of found) into.set(part._id, part.into)
      ask = found.map((part) => part.into)
    }
    const standing = (id: string): string => {
      const next = into.get(id)
      return next === undefined ? id : standing(next)
    }
    return new Map(ids.flatMap((id) => (into.has(id) ? [[id, standing(id)] as const] : [])))
  }

  return {
    of,
    /** The customer who stands for this one: themselves, or whom they are part of. */
    standing: async (id: string, session?: ClientSession): Promise<string> => (await of([id], session)).get(id) ?? id,
    /** A customer and everybody who has become part of them. */
    async partsOf(id: string, session?: ClientSession): Promise<string[]> {
      const all = [id]
      for (let ask = [id]; ask.length > 0;) {
        const found = await parts
          .find({ into: { $in: ask } }, { _id: 1 })
          .session(session ?? null)
          .lean()
        ask = found.map(({ _id }) => _id)
        all.push(...ask)
      }
      return all
    },
  }
}
