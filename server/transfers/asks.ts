import type { Model } from 'mongoose'
import type { TransferAsk } from '@zhiyin/shared/api/transfers'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { isDuplicate } from '../platform/mongo.ts'
import { retriableStates } from './read.ts'
import { hopelessReasons } from './reasons.ts'
import type { ItemDoc, TransferDoc } from './transfers.model.ts'

export type AsksDeps = {
  transfers: Model<TransferDoc>
  items: Model<ItemDoc>
  clock: Clock
  newId: NewId
  /** Whether a member works here. */
  isHere: (userid: string) => Promise<boolean>
  nudge: (transferId: string) => Promise<void>
}

/** What a manager asks for: a hand-over, or another try of what failed. */
export const createAsks = ({ transfers, items, clock, newId, isHere, nudge }: AsksDeps) => ({
  /**
   * Writes a hand-over down and sets it going; the same key is the same one. Throws transfer.same_person, transfer.not_here when a
   * taker does not work here.
   */
  async start({ key, from, ...ask }: TransferAsk, by: string): Promise<string> {
    const takers = ask.takeovers.map(({ userid }) => userid)
    if (takers.includes(from) || new Set(takers).size < takers.length)
      throw new AppError('transfer.same_person', { status: 422 })
    for (const userid of takers)
      if (!(await isHere(userid))) throw new AppError('transfer.not_here', { status: 422, params: { userid } })
    const doc: TransferDoc = {
      _id: newId('transfer'),
      key,
      mode: (await isHere(from)) ? 'onjob' : 'resigned',
      from,
      ask,
      by,
      at: clock.date(),
      planning: true,
      skipped: 0,
      problem: null,
      lookAt: clock.date(),
    }
    try {
      await transfers.create(doc)
    } catch (error) {
      if (!isDuplicate(error)) throw error
      const before = await transfers.findOne({ key }).lean<TransferDoc | null>()
      if (before === null) throw error
      return before._id
    }
    await nudge(doc._id)
    return doc._id
  },

  /** Plans what failed anew with another member; answers how many. What nobody else could take either stays. */
  async retry(id: string, to: string, itemIds: readonly string[] | null): Promise<number> {
    const transfer = await transfers.findById(id).lean<TransferDoc | null>()
    if (transfer === null) throw notFound('transfer', id)
    if (to === transfer.from) throw new AppError('transfer.same_person', { status: 422 })
    if (!(await isHere(to))) throw new AppError('transfer.not_here', { status: 422, params: { userid: to } })
    const failed = await items
      .find({
        transferId: id,
        state: { $in: [...retriableStates] },
        reason: { $nin: hopelessReasons },
        ...(itemIds === null ? {} : { _id: { $in: [...itemIds] } }),
      })
      .lean<ItemDoc[]>()
    let retried = 0
    for (const { _id, attempt, state } of failed) {
      try {
        const set = {
          state: 'planned' as const,
          to,
          reason: null,
          at: null,
          lookAt: clock.date(),
          open: true as const,
        }
        const { modifiedCount } = await items.updateOne({ _id, attempt, state }, { $set: set })
        retried += modifiedCount
      } catch (error) {
        // In another hand-over by now.
        if (!isDuplicate(error)) throw error
      }
    }
    if (retried > 0) await nudge(id)
    return retried
  },
})
