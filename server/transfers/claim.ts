import type { Model } from 'mongoose'
import type { TransferWhat } from '@zhiyin/shared/api/transfers'
import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import { codes } from './reasons.ts'
import type { ItemDoc, TransferDoc } from './transfers.model.ts'

/** WeCom takes so many in one call. */
const perCall = 100
/** A member hands over so many groups a day (limits.md §7). */
const groupsPerDay = 300
/** A call that has not ended by then has died with its process. */
export const callMs = 60_000

type Deps = { items: Model<ItemDoc>; clock: Clock; newId: NewId; zone: string }

/** Takes what one call carries, and writes that it is being called before it is. */
export const createClaim = ({ items, clock, newId, zone }: Deps) => {
  const midnight = (days: number): Date => momentOf(zonedTime(clock.date(), zone).day + days, 0, zone)

  /** How many groups the member may still hand over today. */
  const groupsLeft = async (from: string): Promise<number> => {
    const made = { from, what: 'group' as const, attempt: { $gt: 0 }, calledAt: { $gte: midnight(0) } }
    return Math.max(0, groupsPerDay - (await items.countDocuments(made)))
  }

  return {
    /** When the day's limit begins anew. */
    tomorrow: (): Date => midnight(1),
    groupsLeft,

    /** The member has handed over as many groups today as they may: the others wait until tomorrow, and say so. */
    async holdGroups({ _id }: TransferDoc): Promise<void> {
      await items.updateMany(
        { transferId: _id, what: 'group', state: 'planned', lookAt: { $lte: clock.date() } },
        { $set: { lookAt: midnight(1), reason: String(codes.dayUsed) } },
      )
    },

    /** The next ones for one member, at most 100; empty when none is due. */
    async next(transfer: TransferDoc, what: TransferWhat, most: number): Promise<ItemDoc[]> {
      const due = { transferId: transfer._id, state: 'planned' as const, what, lookAt: { $lte: clock.date() } }
      const first = await items.findOne(due).sort({ _id: 1 }).lean<ItemDoc | null>()
      if (first === null) return []
      const found = await items
        .find({ ...due, to: first.to }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(Math.min(most, perCall))
        .lean<Pick<ItemDoc, '_id'>[]>()
      const claim = newId('handover')
      const calledAt = clock.date()
      await items.updateMany(
        { _id: { $in: found.map(({ _id }) => _id) }, state: 'planned' },
        {
          $set: { state: 'calling', claim, calledAt, lookAt: new Date(calledAt.getTime() + callMs) },
          $inc: { attempt: 1 },
        },
      )
      return items.find({ claim }).lean<ItemDoc[]>()
    },
  }
}

export type Claim = ReturnType<typeof createClaim>
