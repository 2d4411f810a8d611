import type { Mongo } from '../platform/mongo.ts'
import type { Scope } from '../platform/actor.ts'
import { auditModel, type AuditEntry } from './audit.model.ts'

export type { AuditEntry } from './audit.model.ts'
export type { Look } from './audit.ts'

export type AuditQuery = {
  limit: number
  after?: string | undefined
  by?: string | undefined
  act?: string | undefined
  subject?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  /** Only what these members did. */
  scope: Scope
}

export type AuditRead = ReturnType<typeof createAuditRead>

/** Who read or changed what, newest first (ids sort by time). */
export const createAuditRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const entries = auditModel(connection)
  return {
    /** All about one subject, oldest first. */
    of: (subject: string): Promise<AuditEntry[]> =>
      entries.find({ subject }).sort({ _id: 1 }).lean<AuditEntry[]>().exec(),

    async list(query: AuditQuery): Promise<{ items: AuditEntry[]; next: string | null }> {
      const { limit, after, by, act, subject, from, to, scope } = query
      const who = [...(by === undefined ? [] : [{ by }]), ...(scope === null ? [] : [{ by: { $in: [...scope] } }])]
      const when = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) }
      const filters = [
        ...who,
        ...(act === undefined ? [] : [{ act }]),
        ...(subject === undefined ? [] : [{ subject }]),
        ...(after === undefined ? [] : [{ _id: { $lt: after } }]),
        ...(Object.keys(when).length === 0 ? [] : [{ at: when }]),
      ]
      const docs = await entries
        .find(filters.length === 0 ? {} : { $and: filters })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<AuditEntry[]>()
      const items = docs.slice(0, limit)
      return { items, next: docs.length > limit ? (items.at(-1)?._id ?? null) : null }
    },
  }
}
