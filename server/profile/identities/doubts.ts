import type { ClientSession } from 'mongoose'
import type { Clock } from '../../platform/clock.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { conflictModel, type ConflictDoc, type IdentityDoc } from '../identities.model.ts'
import type { Doubt } from './plan.ts'
import { pairOf, pairsOf } from './sides.ts'

export type Doubts = ReturnType<typeof createDoubts>

/** Pairs of customers of whom it is in doubt whether they are one: reported, judged, and never asked of again. */
export const createDoubts = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const conflicts = conflictModel(mongo.connection)

  return {
    /**
     * Of customers who are named together, the pairs somebody has said are not one. It was said of what they were then: so it holds for
     * every part of theirs. `known`: all their identities.
     */
    async apart(
      groups: readonly (readonly string[])[],
      known: readonly IdentityDoc[],
      session?: ClientSession,
    ): Promise<ReadonlySet<string>> {
      if (groups.length === 0) return new Set()
      const parts = new Map<string, Set<string>>()
      for (const { customerId, of = customerId } of known)
        parts.set(customerId, new Set([...(parts.get(customerId) ?? [customerId]), of]))
      const asked = new Map<string, string>()
      for (const [a, b] of groups.flatMap(pairsOf))
        for (const one of parts.get(a) ?? [a])
          for (const other of parts.get(b) ?? [b]) asked.set(pairOf(one, other), pairOf(a, b))
      const found = await conflicts
        .find({ _id: { $in: [...asked.keys()] }, state: 'different' }, { _id: 1 })
        .session(session ?? null)
        .lean()
      return new Set(found.flatMap(({ _id }) => asked.get(_id) ?? []))
    },

    /** Puts pairs into the queue; one that is known is left as it is, and costs no write. */
    async report(doubts: readonly Doubt[]): Promise<void> {
      if (doubts.length === 0) return
      const at = clock.date()
      const docs = doubts.map(({ customerIds: [a, b], keys }): ConflictDoc => ({
        _id: pairOf(a, b),
        customerIds: a < b ? [a, b] : [b, a],
        identities: [...keys],
        at,
        state: 'open',
        by: null,
        note: '',
        decidedAt: null,
      }))
      const known = await conflicts.find({ _id: { $in: docs.map(({ _id }) => _id) } }, { _id: 1 }).lean()
      const ids = new Set(known.map(({ _id }) => _id))
      const fresh = docs.filter(({ _id }) => !ids.has(_id))
      if (fresh.length > 0)
        await conflicts.bulkWrite(
          fresh.map(({ _id, ...doubt }) => ({
            updateOne: { filter: { _id }, update: { $setOnInsert: doubt }, upsert: true },
          })),
          { ordered: false },
        )
    },

    /** What somebody says of a pair. */
    async decide(
      [a, b]: readonly [string, string],
      said: Pick<ConflictDoc, 'state' | 'by' | 'note'>,
      session?: ClientSession,
    ): Promise<void> {
      const at = clock.date()
      await conflicts.updateOne(
        { _id: pairOf(a, b) },
        {
          $set: { ...said, decidedAt: at },
          $setOnInsert: { customerIds: a < b ? [a, b] : [b, a], identities: [], at },
        },
        { upsert: true, ...(session === undefined ? {} : { session }) },
      )
    },
  }
}
