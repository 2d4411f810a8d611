import { AppError } from '../../platform/errors.ts'
import { masked } from '../../platform/personal.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { indexOf } from '../../platform/vault.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { conflictModel, identityCollection, type ConflictDoc } from '../identities.model.ts'
import { indexOfValue, kindOfKey, markOfIndex, surestFirst, valueOfKey } from '../identity.ts'
import { mergeModel, type MergeDoc } from './merges.model.ts'
import { createWholes } from './whole.ts'

export type { ConflictDoc as Review } from '../identities.model.ts'
export type { MergeDoc as Merge } from './merges.model.ts'
export type { MergeAsk } from './room.ts'

/** An identity to show: a phone or an e-mail address as it is sealed with the customer, or masked. */
export type Shown = { readonly kind: string; readonly value: string }

type Paged = { readonly limit: number; readonly after?: string | undefined }

const sealedOf = ({ state, contact }: Pick<CustomerDoc, 'state' | 'contact'>): string[] => [
  ...state.traits.flatMap(({ value }) => (typeof value === 'string' ? value : [])),
  ...(contact?.follows.flatMap(({ mobiles }) => mobiles) ?? []),
]

/** The sealed value behind a blind index stands with the customer it was told of; where it does not, only the kind is known. */
export const shownIn = (docs: readonly CustomerDoc[]) => {
  const sealed = new Map(docs.flatMap(sealedOf).flatMap((text) => [[indexOf(text) ?? '', text] as const]))
  return (key: string): Shown => {
    const [kind, value] = [kindOfKey(key), valueOfKey(key)]
    if (kind !== 'phone' && kind !== 'email') return { kind, value }
    const shown = value.startsWith(markOfIndex) ? sealed.get(indexOfValue(value)) : masked(kind, value)
    return { kind, value: shown ?? '****' }
  }
}

const placeOf = (after: string): { at: Date; id: string } => {
  const [ms = '', ...id] = after.split(' ')
  if (!/^\d+$/.test(ms) || id.length !== 1)
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  return { at: new Date(Number(ms)), id: id.join('') }
}

const nextOf = <T extends { readonly at: Date; readonly _id: string }>(docs: readonly T[], limit: number) => {
  const items = docs.slice(0, limit)
  const last = items.at(-1)
  return { items, next: docs.length > limit && last !== undefined ? `${last.at.getTime()} ${last._id}` : null }
}

/** Most identities of one customer that are shown; a guest who forgets their cookies has a device a day. */
const mostShown = 50

export type IdentitiesRead = ReturnType<typeof createIdentitiesRead>

/** Who is known by what, who was made of whom, and of whom it is in doubt. */
export const createIdentitiesRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const identities = identityCollection(connection)
  const conflicts = conflictModel(connection)
  const customers = customerCollection(connection)
  const merges = mergeModel(connection)
  const wholes = createWholes({ connection })

  return {
    /** Pairs, newest first. */
    async reviews({ limit, after, state }: Paged & { state: ConflictDoc['state'] }) {
      const place = after === undefined ? null : placeOf(after)
      const older = place === null ? {} : { $or: [{ at: { $lt: place.at } }, { at: place.at, _id: { $lt: place.id } }] }
      const docs = await conflicts
        .find({ state, ...older })
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .lean<ConflictDoc[]>()
      return nextOf(docs, limit)
    },
    review: (id: string): Promise<ConflictDoc | null> =>
      conflicts.findOne({ _id: id }).lean<ConflictDoc | null>().exec(),

    /** Customers by id, with everything that is kept of them; those who are part of somebody are left out. */
    customers: (ids: readonly string[]): Promise<CustomerDoc[]> =>
      customers.find({ _id: { $in: [...new Set(ids)] } }).toArray(),

    /** What these customers are known by, the surest first, at most 50 each. */
    async keysOf(ids: readonly string[]) {
      const found = await identities.find({ customerId: { $in: [...new Set(ids)] } }).toArray()
      const known = new Map(found.map((doc) => [doc._id, doc]))
      const sorted = surestFirst([...known.keys()]).flatMap((key) => known.get(key) ?? [])
      return new Map(ids.map((id) => [id, sorted.filter(({ customerId }) => customerId === id).slice(0, mostShown)]))
    },

    /** Merges in the order of their ids, newest first. */
    async merges({ limit, after }: Paged): Promise<{ items: MergeDoc[]; next: string | null }> {
      const docs = await merges
        .find(after === undefined ? {} : { _id: { $lt: after } })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<MergeDoc[]>()
      return { items: docs.slice(0, limit), next: docs.length > limit ? (docs[limit - 1]?._id ?? null) : null }
    },
    merge: (id: string): Promise<MergeDoc | null> => merges.findOne({ _id: id }).lean<MergeDoc | null>().exec(),

    /** Whom a customer was made of and whom they parted from, newest first. */
    async mergesOf(id: string): Promise<MergeDoc[]> {
      const all = await wholes.partsOf(id)
      return merges
        .find({ $or: [{ into: { $in: all } }, { from: { $in: all } }] })
        .sort({ _id: -1 })
        .limit(mostShown)
        .lean<MergeDoc[]>()
    },
  }
}
