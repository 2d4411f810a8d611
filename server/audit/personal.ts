import { isDeepStrictEqual } from 'node:util'
import { idAt } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Counts, ForgetInAudit } from '../privacy/types.ts'
import { auditModel, type AuditEntry } from './audit.model.ts'

/** Acts that prove what was done with somebody's data; they outlive the retention. */
export const lastingActs = ['privacy.erasure_asked', 'privacy.erased'] as const

/** Where entries about something else name a customer. */
const naming = ['customerId', 'from', 'other'] as const

/** What the audit does with its own entries: forgets whom they are about, and deletes the old ones. */
export const createAuditKeeping = ({
  connection,
}: Pick<Mongo, 'connection'>): { forget: ForgetInAudit; purge(before: Date, limit: number): Promise<number> } => {
  const entries = auditModel(connection)
  return {
    /** Entries about somebody stay as evidence, under the number of the erasure instead of them. */
    async forget(ids, erasureId, without): Promise<Counts> {
      const about = { subject: { $in: ids.map((id) => `customer:${id}`) } }
      const instead = `erasure:${erasureId}`
      const named = await Promise.all(
        naming.map((key) =>
          entries.updateMany({ [`detail.${key}`]: { $in: [...ids] } }, { $set: { [`detail.${key}`]: instead } }),
        ),
      )
      const own = await entries.updateMany(about, { $set: { subject: instead } })
      const theirs = { $or: [{ subject: instead }, ...naming.map((key) => ({ [`detail.${key}`]: instead }))] }
      for await (const { _id, detail } of entries
        .find(theirs, { detail: 1 })
        .lean<Pick<AuditEntry, '_id' | 'detail'>>()
        .cursor()) {
        const left = without(detail)
        if (!isDeepStrictEqual(left, detail)) await entries.updateOne({ _id }, { $set: { detail: left } })
      }
      return { entries: named.reduce((sum, { modifiedCount }) => sum + modifiedCount, own.modifiedCount) }
    },
    /** Deletes at most `limit` entries older than `before`; answers how many. */
    async purge(before: Date, limit: number): Promise<number> {
      const old = await entries
        .find({ _id: { $lt: idAt('audit', before.getTime()) }, act: { $nin: [...lastingActs] } }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
      return (await entries.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } })).deletedCount
    },
  }
}
