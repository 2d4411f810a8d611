import { because, type Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import { Schema, type Connection, type Model } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { RuleStore } from './rules.ts'

const dayMs = 86_400_000
const countedMs = 30_000

/** A customer whom a rule had reached within a day deleted the rep. */
type DeletionDoc = { _id: string; ruleId: string; at: Date }
const schema = new Schema<DeletionDoc>(
  {
    _id: { type: String, required: true },
    ruleId: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'ruledeletions', versionKey: false },
)
/** How many deleted within a day. */
schema.index({ ruleId: 1, at: 1 })
/** They are looked at for a day. */
schema.index({ at: 1 }, { expireAfterSeconds: 7 * 86_400 })
const deletionModel = (connection: Connection): Model<DeletionDoc> =>
  connection.model<DeletionDoc>('RuleDeletion', schema)

export type GuardDeps = {
  mongo: Mongo
  clock: Clock
  store: RuleStore
  /** The rules whose sends reached a customer since a moment. */
  reachedBy: (customerId: string, since: Date) => Promise<readonly string[]>
  /** How many customers a rule's sends have reached since a moment. */
  reached: (ruleId: string, since: Date) => Promise<number>
  pause: (ruleId: string, reason: Because) => Promise<void>
}

/** Pauses rules that drive customers away: too many of those reached within a day deleted their rep. */
export const createGuard = ({ mongo, clock, store, reachedBy, reached, pause }: GuardDeps) => {
  const deletions = deletionModel(mongo.connection)
  const counted = new Map<string, { at: number; n: number }>()

  /** Of thousands a day, counted anew twice a minute. */
  const reachedLately = async (ruleId: string, since: Date): Promise<number> => {
    const had = counted.get(ruleId)
    if (had !== undefined && Math.abs(clock.now() - had.at) < countedMs) return had.n
    const n = await reached(ruleId, since)
    counted.set(ruleId, { at: clock.now(), n })
    return n
  }

  return async (customerId: string, facts: readonly Fact[]): Promise<void> => {
    const gone = facts.find(({ type }) => type === 'contact.deleted_by_customer')
    if (gone === undefined) return
    const guarded = (await store.on()).filter(({ limits }) => limits.guard !== null)
    if (guarded.length === 0) return
    const ids = new Set(await reachedBy(customerId, new Date(gone.at.getTime() - dayMs)))
    const since = new Date(clock.now() - dayMs)
    for (const { _id, limits } of guarded) {
      if (limits.guard === null || !ids.has(_id)) continue
      const doc = { ruleId: _id, at: gone.at }
      await deletions.updateOne({ _id: `${_id}:${customerId}` }, { $setOnInsert: doc }, { upsert: true })
      const [deleted, of] = await Promise.all([
        deletions.countDocuments({ ruleId: _id, at: { $gte: since } }),
        reachedLately(_id, since),
      ])
      const { deletedPercent, atLeast } = limits.guard
      if (of < atLeast || (100 * deleted) / of <= deletedPercent) continue
      await pause(_id, because('rule.guard', { deleted, of, percent: deletedPercent }))
    }
  }
}
