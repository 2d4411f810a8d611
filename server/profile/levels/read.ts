import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import { seenBy, type CustomerFilter } from '../../conditions/filter.ts'
import type { Scope } from '../../platform/actor.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { personOf } from '../place/person.ts'
import { placeAt } from '../place/place-at.ts'
import { standingOrders } from '../signals.ts'
import type { Definitions } from '../types.ts'
import { measured, type Measured } from './measures.ts'

export { rfmScheme, usualHold } from '../default-scheme.ts'
export type { Measured } from './measures.ts'
export { placeBy } from './place-by.ts'

/** Somebody known since a moment, where they are in a scheme, and where they would be; null: not worked out yet. */
export type Tried = { readonly id: string; readonly since: Date; readonly from: string | null; readonly to: string }

/** A scheme among the others: in its own place, or the last. */
export const withScheme = (definitions: Definitions, scheme: TierScheme): Definitions => {
  const [first, ...rest] = definitions.schemes
  const known = definitions.schemes.some(({ id }) => id === scheme.id)
  const put = (one: TierScheme): TierScheme => (one.id === scheme.id ? scheme : one)
  return { ...definitions, schemes: [put(first), ...rest.map(put), ...(known ? [] : [scheme])] }
}

export type LevelsRead = ReturnType<typeof createLevelsRead>

/** What tier schemes ask of all customers, a batch at a time in the order of ids; `last` is null when there are no more. */
export const createLevelsRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const customers = customerCollection(connection)
  const lastOf = (docs: readonly { readonly _id: string }[], limit: number): string | null =>
    docs.length < limit ? null : (docs.at(-1)?._id ?? null)
  const count = (filter: CustomerFilter): Promise<number> => customers.countDocuments(filter)

  return {
    /** What the next customers bought within a window; those who bought nothing are only counted. */
    async measures(
      windowDays: number,
      after: string,
      limit: number,
      now: Date,
    ): Promise<{ buyers: Measured[]; customers: number; last: string | null }> {
      const docs = await customers
        .find<{ _id: string; state: Pick<CustomerDoc['state'], 'orders'> }>(
          { _id: { $gt: after } },
          { projection: { 'state.orders': 1 } },
        )
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      const buyers = docs.flatMap(({ state }) => {
        const orders = standingOrders(state.orders)
        return measured({ orders, lastOrderAt: orders.at(-1)?.at ?? null }, windowDays, now) ?? []
      })
      return { buyers, customers: docs.length, last: lastOf(docs, limit) }
    },

    /** Where the next customers are in a scheme as they stand, and where they would be by this form of it. */
    async tried(
      definitions: Definitions,
      scheme: TierScheme,
      after: string,
      limit: number,
      now: Date,
    ): Promise<{ items: Tried[]; last: string | null }> {
      const would = withScheme(definitions, scheme)
      const docs: CustomerDoc[] = await customers
        .find({ _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      const items = docs.map((doc) => {
        const place = placeAt(personOf(doc.state, doc.contact, would), would, now, doc)
        const at = (levels: CustomerDoc['levels'] | typeof place.levels): string | null =>
          levels.find((level) => level.scheme === scheme.id)?.level ?? null
        return { id: doc._id, since: doc.createdAt, from: at(doc.levels), to: at(place.levels) ?? '' }
      })
      return { items, last: lastOf(docs, limit) }
    },

    count,
    /** How many of those within a scope are on each level of a scheme, by key. */
    onLevels: async (scheme: string, keys: readonly string[], scope: Scope): Promise<ReadonlyMap<string, number>> =>
      new Map(
        await Promise.all(
          keys.map(
            async (level) =>
              [level, await count(seenBy({ levels: { $elemMatch: { scheme, level } } }, scope))] as const,
          ),
        ),
      ),
  }
}
