import type { ClientSession } from 'mongoose'
import { factTypes, type Fact, type FactType, type NewFact } from '@zhiyin/shared/fact'
import { awaitingOf, isOneOf } from './kinds.ts'
import type { Mongo } from '../platform/mongo.ts'
import { factCollection, factModel, type Awaiting, type FactDoc } from './facts.model.ts'
import { afterOf, nextOf } from './paging.ts'

export { isAhead } from './ahead.ts'

/** New facts, by whether the profile may fold them before they are stored. */
export type Arriving = { readonly foldable: readonly Fact[]; readonly others: readonly NewFact[] }

/** Whether the profile folds this fact; the others it found out by itself, or they are records only. */
export const isFolded = (fact: NewFact): boolean => awaitingOf(fact).includes('profile')

const fields = { _id: 1, customerId: 1, of: 1, type: 1, at: 1, seenAt: 1, source: 1, payload: 1 } as const

/** A fact as others know it. */
export const factOf = ({ _id, pending: _pending, nudgeAt: _nudgeAt, dueAt: _dueAt, ...rest }: FactDoc): Fact => ({
  id: _id,
  ...rest,
})

type FactOf<T extends FactType> = Extract<Fact, { type: T }>

export type FactsRead = ReturnType<typeof createFactsRead>

/** What later stages may read of the facts. Every look-up is by customer and indexed. */
export const createFactsRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const facts = factModel(connection)
  const plain = factCollection(connection)
  return {
    /** One page of a customer's timeline, newest first; `next` is null on the last page. */
    async timeline(
      customerId: string,
      { limit, after }: { limit: number; after?: string | undefined },
    ): Promise<{ items: Fact[]; next: string | null }> {
      const docs = await facts
        .find({ customerId, ...(after === undefined ? {} : afterOf(after)) }, fields)
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .lean<FactDoc[]>()
      const items = docs.slice(0, limit).map(factOf)
      return { items, next: docs.length > limit ? nextOf(items.at(-1)) : null }
    },

    /** Facts of some types, newest first, at most 1,000. */
    async list<T extends FactType>(
      customerId: string,
      { types, since, limit = 1000 }: { types: readonly T[]; since?: Date; limit?: number },
    ): Promise<FactOf<T>[]> {
      const docs = await facts
        .find({ customerId, type: { $in: types }, ...(since === undefined ? {} : { at: { $gte: since } }) }, fields)
        .sort({ at: -1 })
        .limit(limit)
        .lean<FactDoc[]>()
      return docs.map(factOf).filter(isOneOf(types))
    },

    /** The newest fact of some types, or null. */
    async oneOf<T extends FactType>(
      customerId: string,
      { types, since }: { types: readonly T[]; since?: Date },
    ): Promise<FactOf<T> | null> {
      const doc = await facts
        .findOne({ customerId, type: { $in: types }, ...(since === undefined ? {} : { at: { $gte: since } }) }, fields)
        .sort({ at: -1 })
        .lean<FactDoc | null>()
      const fact = doc === null ? null : factOf(doc)
      return fact !== null && isOneOf(types)(fact) ? fact : null
    },

    /** The rep a customer wrote to last, of the newest ten times they wrote; null where nobody knows. */
    async lastTalk(customerId: string): Promise<string | null> {
      const docs = await facts
        .find({ customerId, type: 'customer.replied' }, fields)
        .sort({ at: -1 })
        .limit(10)
        .lean<FactDoc[]>()
      const talks = docs.map(factOf).filter(isOneOf(['customer.replied'] as const))
      return talks.find(({ payload }) => payload.userid !== undefined)?.payload.userid ?? null
    },

    /** Facts of these customers of some types, not before a moment; at most 5,000. */
    async since(customerIds: readonly string[], types: readonly FactType[], from: Date): Promise<Fact[]> {
      const docs = await plain
        .find(
          { customerId: { $in: [...customerIds] }, type: { $in: [...types] }, at: { $gte: from } },
          { projection: fields, limit: 5000 },
        )
        .toArray()
      return docs.map(factOf)
    },

    /** The facts of some kinds of these customers, a piece at a time, in no order. */
    async *pieces(customerIds: readonly string[], types: readonly string[]): AsyncGenerator<Fact[]> {
      const found = plain.find(
        { customerId: { $in: [...customerIds] }, type: { $in: factTypes.filter((type) => types.includes(type)) } },
        { projection: fields, batchSize: 500 },
      )
      let piece: Fact[] = []
      for await (const doc of found) {
        piece.push(factOf(doc))
        if (piece.length < 500) continue
        yield piece
        piece = []
      }
      yield piece
    },

    /** Facts by their ids, in no order. */
    async byIds(ids: readonly string[]): Promise<Fact[]> {
      const docs = await facts.find({ _id: { $in: ids } }, fields).lean<FactDoc[]>()
      return docs.map(factOf)
    },

    /** What waits for the profile, or for anybody, and whether the profile has it already; oldest first, at most `limit`. */
    async unfinished(
      customerIds: readonly string[],
      by: 'profile' | 'anybody',
      limit: number,
      session: ClientSession,
    ): Promise<{ fact: Fact; folded: boolean }[]> {
      const docs = await plain
        .find(
          {
            customerId: { $in: [...customerIds] },
            pending: by === 'profile' ? { $eq: by, $exists: true } : { $exists: true },
          },
          { projection: { ...fields, pending: 1 }, limit, session },
        )
        .toArray()
      return docs
        .map((doc) => ({ fact: factOf(doc), folded: doc.pending?.includes('profile') !== true }))
        .sort((a, b) => a.fact.at.getTime() - b.fact.at.getTime())
    },

    /** What waits for the profile, or for the rules once the profile has it; oldest first, at most `limit`. */
    async awaiting(
      customerIds: readonly string[],
      by: Awaiting,
      limit: number,
      session?: ClientSession,
    ): Promise<Fact[]> {
      const pending = by === 'profile' ? { pending: by } : { pending: { $eq: by, $ne: 'profile' as const } }
      const docs = await plain
        .find(
          { customerId: { $in: [...customerIds] }, ...pending },
          { projection: fields, limit, ...(session === undefined ? {} : { session }) },
        )
        .toArray()
      return docs.map(factOf).sort((a, b) => a.at.getTime() - b.at.getTime())
    },
  }
}
