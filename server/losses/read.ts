import { AppError } from '../platform/errors.ts'
import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { lossModel, type LossDoc } from './losses.model.ts'

export type LossItem = Pick<LossDoc, 'customerId' | 'userid' | 'at' | 'times' | 'wonBackAt'>

const afterOf = (after: string): Record<string, unknown> => {
  const [ms = '', id = ''] = after.split('~')
  if (!/^\d+$/.test(ms) || id === '')
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  const at = new Date(Number(ms))
  return { $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] }
}

export type LossesRead = ReturnType<typeof createLossesRead>

export const createLossesRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const model = lossModel(connection)
  return {
    /** One page of who deleted whom, newest first. */
    async list(query: {
      scope: Scope
      limit: number
      after?: string | undefined
    }): Promise<{ items: LossItem[]; next: string | null }> {
      const docs = await model
        .find({
          ...(query.scope === null ? {} : { userid: { $in: [...query.scope] } }),
          ...(query.after === undefined ? {} : afterOf(query.after)),
        })
        .sort({ at: -1, _id: -1 })
        .limit(query.limit + 1)
        .lean<LossDoc[]>()
      const items = docs.slice(0, query.limit)
      const last = items.at(-1)
      const next = docs.length > query.limit && last !== undefined ? `${last.at.getTime()}~${last._id}` : null
      return { items, next }
    },
  }
}
