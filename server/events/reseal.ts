import { isDeepStrictEqual } from 'node:util'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Mongo } from '../platform/mongo.ts'
import { factCollection, type FactDoc } from './facts.model.ts'

/** Kinds of facts that may hold personal data. */
const kinds = [
  'profile.identified',
  'behavior.tracked',
  'note.written',
  'consent.changed',
  'send.changed',
  'task.created',
  'task.done',
] as const

/** How far a walk has come: the last id (null at the end), how many were looked at and changed. */
type Walked = { readonly after: string | null; readonly looked: number; readonly changed: number }

/** Seals the next facts in the order of ids anew, where that changes them. */
export const createResealFacts = (
  { connection }: Pick<Mongo, 'connection'>,
  seal: (facts: readonly NewFact[]) => Promise<NewFact[]>,
) => {
  const facts = factCollection(connection)
  const payloads = connection.collection<{ _id: string; payload: object }>(facts.collectionName)
  return async (after: string | null, limit: number): Promise<Walked> => {
    const docs: FactDoc[] = await facts
      .find({ _id: { $gt: after ?? '' }, type: { $in: [...kinds] } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    const sealed = await seal(docs.map(({ _id, seenAt: _seenAt, pending: _pending, nudgeAt: _nudgeAt, dueAt: _dueAt, ...rest }) => ({ id: _id, ...rest }))) // prettier-ignore
    const changes = docs.flatMap(({ _id, payload }, i) => {
      const fresh = sealed[i]?.payload
      return fresh === undefined || isDeepStrictEqual(fresh, payload)
        ? []
        : [{ updateOne: { filter: { _id }, update: { $set: { payload: fresh } } } }]
    })
    if (changes.length > 0) await payloads.bulkWrite(changes, { ordered: false })
    const last = docs.length < limit ? null : (docs.at(-1)?._id ?? null)
    return { after: last, looked: docs.length, changed: changes.length }
  }
}
