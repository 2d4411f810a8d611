import type { Mongo } from '../platform/mongo.ts'
import { exposureCollection } from './exposures.model.ts'

/** So many customers of an arm who are alike: whether their window is over, whether they reached the goal, what they spent. */
export type Cell = {
  readonly arm: string
  readonly over: boolean
  readonly met: boolean
  readonly spent: number
  readonly customers: number
}
export type Span = { readonly design: string; readonly from: number; readonly to: number; readonly entries: number }

/** What a comparison counts, read from the log. */
export const createFigures = ({ mongo }: { mongo: Mongo }) => {
  const exposures = exposureCollection(mongo.connection)
  return {
    /**
     * The customers of one comparison, each once, by their first entry: what came after it may be a consequence of it, and entries of one
     * customer are no independent witnesses.
     */
    async cells(scope: string, design: string, now: Date): Promise<Cell[]> {
      const found = exposures.aggregate<{ _id: Omit<Cell, 'customers'>; customers: number }>(
        [
          { $match: { scope, design } },
          { $sort: { customerId: 1, at: 1 } },
          {
            $group: {
              _id: '$customerId',
              arm: { $first: '$arm' },
              until: { $first: '$until' },
              goalAt: { $first: '$goalAt' },
              spent: { $first: '$spent' },
            },
          },
          {
            $group: {
              _id: {
                arm: '$arm',
                over: { $lte: ['$until', now] },
                met: { $ne: ['$goalAt', null] },
                spent: '$spent',
              },
              customers: { $sum: 1 },
            },
          },
        ],
        { allowDiskUse: true },
      )
      return (await found.toArray()).map(({ _id, customers }) => ({ ..._id, customers }))
    },

    /** The versions of a rule that were measured alike, the latest first. */
    async spans(scope: string): Promise<Span[]> {
      const found = exposures.aggregate<{ _id: string; from: number; to: number; entries: number }>([
        { $match: { scope } },
        { $group: { _id: '$design', from: { $min: '$version' }, to: { $max: '$version' }, entries: { $sum: 1 } } },
        { $sort: { to: -1, _id: 1 } },
      ])
      return (await found.toArray()).map(({ _id, ...rest }) => ({ design: _id, ...rest }))
    },
  }
}

export type Figures = ReturnType<typeof createFigures>
