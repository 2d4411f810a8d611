import mongoose from 'mongoose'
import { because } from '@zhiyin/shared/because'
import type { TransferAsk } from '@zhiyin/shared/api/transfers'
import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { HandOver } from '../profile/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { WecomRead } from '../wecom/types.ts'
import type { TransfersSetup } from '../wecom/types/transfers.ts'
import { createCall } from './call.ts'
import { createClaim } from './claim.ts'
import { transferHandlers } from './handlers.ts'
import { createLeavers, type LeaversDeps } from './leavers.ts'
import { createLookUp } from './look-up.ts'
import { createPlan, type PlanDeps } from './plan.ts'
import { retriableStates } from './read.ts'
import { hopelessReasons } from './reasons.ts'
import { createSettle, handOverOf, type SettleDeps } from './settle.ts'
import { itemModel, transferModel, type ItemDoc, type TransferDoc } from './transfers.model.ts'

/** A nudged hand-over has so long before the sweep looks again. */
const graceMs = 30_000
/** WeCom's callback of a hand-over comes this near to the moment it took effect. */
const nearMs = 600_000
const dueMs = 2 * 86_400_000

type Held = { readonly id: string; readonly name: string; readonly holders: readonly string[] }

/** A customer with who holds them. */
export const holdersOf = (view: CustomerView | null): Held | null =>
  view && {
    id: view.id,
    name: view.name,
    holders: view.follows.flatMap(({ userid, state }) => (state === 'following' ? userid : [])),
  }

type Deps = Omit<SettleDeps, 'items'> &
  Omit<PlanDeps, 'transfers' | 'items' | 'read'> &
  Omit<LeaversDeps, 'read'> & {
    mongo: Mongo
    clock: Clock
    log: Log
    newId: NewId
    enqueue: Enqueue
    zone: string
    read: Pick<WecomRead, 'transferResults' | 'groupChat' | 'listContacts' | 'unassigned'>
    setup: TransfersSetup
    /** Whether a member works here. */
    isHere: (userid: string) => Promise<boolean>
    customerOf: (externalUserId: string) => Promise<Held | null>
  }

/** Hands a member's customers and groups over to others (客户继承): planned, written, called, looked up, until every one has settled. */
export const createTransfers = (deps: Deps) => {
  const { mongo, clock, newId, enqueue, isHere, customerOf, createTasks, names } = deps
  const transfers = transferModel(mongo.connection)
  const items = itemModel(mongo.connection)
  const settle = createSettle({ ...deps, items })
  const claim = createClaim({ ...deps, items })
  const plan = createPlan({ ...deps, transfers, items })
  const call = createCall({ ...deps, transfers, claim, settle })
  const lookUp = createLookUp({ ...deps, items, settle })
  const leavers = createLeavers(deps)

  const nudge = async (transferId: string): Promise<void> => {
    await transfers.updateOne({ _id: transferId }, { $set: { lookAt: new Date(clock.now() + graceMs) } })
    await enqueue('transfers.run', { transferId })
  }

  /** Puts the hand-over's next look where its next item's is; without one it is over. */
  const rest = async (transferId: string): Promise<void> => {
    const next = await items
      .findOne({ transferId, lookAt: { $exists: true } }, { lookAt: 1 })
      .sort({ lookAt: 1 })
      .lean<Pick<ItemDoc, 'lookAt'> | null>()
    if (next?.lookAt !== undefined) await transfers.updateOne({ _id: transferId }, { $set: { lookAt: next.lookAt } })
    else {
      await transfers.updateOne({ _id: transferId }, { $unset: { lookAt: 1 } })
      await leavers.soon()
    }
  }

  const get = (transferId: string): Promise<TransferDoc | null> =>
    transfers.findById(transferId).lean<TransferDoc | null>().exec()

  /** 'transfers.run': whatever of it is due. Two at once do each item once, since each is claimed before its call. */
  const run = async (transferId: string): Promise<void> => {
    const asked = await get(transferId)
    if (asked === null) return
    if (asked.planning) await plan(asked)
    await lookUp(asked)
    const planned = await get(transferId)
    if (planned !== null) await call(planned)
    await rest(transferId)
  }

  const sweep: Sweep = {
    stage: 'transfers',
    async run(now) {
      const due = await transfers
        .find({ lookAt: { $lte: now } }, { _id: 1 })
        .limit(50)
        .lean<Pick<TransferDoc, '_id'>[]>()
      for (const { _id } of due) await nudge(_id)
      return due.length + (await leavers.sweep.run(now))
    },
  }
  const backlog: BacklogOf = {
    stage: 'transfers',
    async count(now) {
      const [due, oldest] = await Promise.all([
        transfers.countDocuments({ lookAt: { $lte: now } }),
        transfers
          .findOne({ lookAt: { $lte: now } })
          .sort({ lookAt: 1 })
          .lean<TransferDoc | null>(),
      ])
      const calling = await items.countDocuments({ state: 'calling', claim: { $type: 'string' } })
      return { pending: calling, due, dead: 0, oldestAt: oldest?.lookAt ?? null }
    },
  }

  const handlers = transferHandlers({
    underWay: (externalUserId, to) =>
      items
        .findOne({ target: externalUserId, to, open: true, attempt: { $gt: 0 } })
        .lean<ItemDoc | null>()
        .exec(),
    fail: async (item, state, reason) => {
      const transfer = await get(item.transferId)
      if (transfer === null) return
      await settle.fail(transfer, [item], state, reason)
      await rest(transfer._id)
    },
    failedElsewhere: async ({ externalUserId, to, reason, key, at }) => {
      const customer = await customerOf(externalUserId)
      const userid = customer?.holders.find((one) => one !== to)
      if (customer === null || userid === undefined) return
      const name = (await names([to])).get(to) ?? to
      await createTasks([
        {
          key: `transfer_failed:${key}`,
          kind: 'transfer_failed',
          title: `继续跟进 ${customer.name}`,
          userid,
          customerIds: [customer.id],
          dueAt: new Date(at.getTime() + dueMs),
          because: [because('transfer.failed', { to: name, reason })],
        },
      ])
    },
    leaversSoon: leavers.soon,
  })

  return {
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
        if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== 11000) throw error
        const before = await transfers.findOne({ key }).lean<TransferDoc | null>()
        if (before === null) throw error
        return before._id
      }
      await nudge(doc._id)
      return doc._id
    },

    /** Plans what failed anew with another member; answers how many. What nobody else could take either stays. */
    async retry(id: string, to: string, itemIds: readonly string[] | null): Promise<number> {
      const transfer = await get(id)
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
          if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== 11000) throw error
        }
      }
      if (retried > 0) await nudge(id)
      return retried
    },

    /** The hand-over of ours that gave a member this customer or took the customer away, near a moment; null when there is none. */
    async handOverOf(
      pair: { userid: string; externalUserId: string },
      side: 'from' | 'to',
      at: Date,
    ): Promise<HandOver | null> {
      const near = { $gte: new Date(at.getTime() - nearMs), $lte: new Date(at.getTime() + nearMs) }
      const item = await items
        .findOne({
          target: pair.externalUserId,
          [side]: pair.userid,
          attempt: { $gt: 0 },
          $or: [{ open: true }, { state: { $in: ['done', 'refused', 'full'] }, at: near }],
        })
        .sort({ calledAt: -1 })
        .lean<ItemDoc | null>()
      return item === null ? null : handOverOf(item)
    },

    leavers,
    handlers,
    jobs: {
      'transfers.run': ({ transferId }: { transferId: string }) => run(transferId),
      'transfers.leavers': () => leavers.check(),
    },
    sweep,
    backlog,
  }
}

export type Transfers = ReturnType<typeof createTransfers>
