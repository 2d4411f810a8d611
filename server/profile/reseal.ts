import { isDeepStrictEqual } from 'node:util'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type Contact, type CustomerDoc } from './customers.model.ts'
import { lookUpOf } from './look-up.ts'
import { signalsOf } from './signals.ts'
import type { CustomerState } from './state/state.ts'

type Walked = { readonly after: string | null; readonly looked: number; readonly changed: number }
type Sealed = { readonly state: CustomerState; readonly contact: Contact | null }

/** Seals the next customers in the order of ids anew, where that changes them; one who was written meanwhile was sealed by that. */
export const createResealCustomers = (
  { connection }: Pick<Mongo, 'connection'>,
  seal: (of: Sealed) => Promise<Sealed>,
) => {
  const customers = customerCollection(connection)

  const changeOf = async (doc: CustomerDoc) => {
    const { state, contact } = await seal({ state: doc.state, contact: doc.contact })
    if (isDeepStrictEqual(state, doc.state) && isDeepStrictEqual(contact, doc.contact)) return []
    const set = { state, contact, ...lookUpOf(state, contact, signalsOf(state), doc) }
    const filter = { _id: doc._id, rev: doc.rev }
    return [{ updateOne: { filter, update: { $set: set, $inc: { rev: 1 } } } }]
  }

  return async (after: string | null, limit: number): Promise<Walked> => {
    const docs = await customers
      .find({ _id: { $gt: after ?? '' } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    const changes = (await Promise.all(docs.map(changeOf))).flat()
    const written = changes.length === 0 ? null : await customers.bulkWrite(changes, { ordered: false })
    // Somebody whose facts came in between may still have values of the old key: this part of the walk is done again.
    if (written !== null && written.modifiedCount < changes.length)
      return { after, looked: 0, changed: written.modifiedCount }
    const last = docs.length < limit ? null : (docs.at(-1)?._id ?? null)
    return { after: last, looked: docs.length, changed: changes.length }
  }
}
