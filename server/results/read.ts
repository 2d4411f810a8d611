import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { manualModel, type ManualDoc } from './manual.model.ts'

export type { Results } from './results.ts'

/** A mass message that was not ours, as other rooms see it. */
export type ManualItem = Omit<ManualDoc, '_id' | 'read' | 'checks' | 'nextAt' | 'nudgeAt'> & { id: string }

/** What others may read of mass messages made by hand or in the admin console. */
export const createManualRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const manual = manualModel(connection)
  return {
    /** One page, newest first; within a scope only what its members made. */
    async list(
      scope: Scope,
      { limit, after }: { limit: number; after?: string | undefined },
    ): Promise<{ items: ManualItem[]; next: string | null }> {
      const [ms, id] = after?.split('~') ?? []
      const at = new Date(Number(ms))
      const beyond =
        id === undefined || Number.isNaN(at.getTime())
          ? {}
          : { $or: [{ createdAt: { $lt: at } }, { createdAt: at, _id: { $lt: id } }] }
      const found = await manual
        .find({ ...(scope === null ? {} : { creator: { $in: [...scope] } }), ...beyond })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean()
      const items = found
        .slice(0, limit)
        .map(({ _id, read: _read, checks: _checks, nextAt: _next, nudgeAt: _nudge, ...rest }) => ({ id: _id, ...rest }))
      const last = items.at(-1)
      const next = found.length > limit && last ? `${last.createdAt.getTime()}~${last.id}` : null
      return { items, next }
    },
  }
}

export type ManualRead = ReturnType<typeof createManualRead>
