import { because } from '@zhiyin/shared/because'
import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { HandOver } from '../profile/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { WecomRead, TransfersSetup } from '../wecom/types.ts'
import { createAsks, type AsksDeps } from './asks.ts'
import { createCall } from './call.ts'
import { callMs, createClaim } from './claim.ts'
import { transferHandlers } from './handlers.ts'
import { createLeavers, type LeaversDeps } from './leavers.ts'
import { createLookUp } from './look-up.ts'
import { createPlan, type PlanDeps } from './plan.ts'
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
    isHere: AsksDeps['isHere']
    customerOf: (externalUserId: string) => Promise<Held | null>
  }

/** Hands a member's customers and groups over to others (客户继承): planned, written, called, looked up, until every one has settled. */
export const createTransfers = (deps: Deps) => {
  const { mongo, clock, enqueue, customerOf, createTasks, names } = deps
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
      const due = { lookAt: { $lte: now } }
      // A call under way is looked at again within its minute.
      const calling = { state: 'calling' as const, lookAt: { $gt: now, $lte: new Date(now.getTime() + callMs) } }
      const [planning, asked, late, oldest, checking] = await Promise.all([
        transfers.countDocuments({ planning: true, lookAt: { $exists: true } }),
        items.countDocuments(calling),
        items.countDocuments(due),
        items.findOne(due, { lookAt: 1 }).sort({ lookAt: 1 }).lean<Pick<ItemDoc, 'lookAt'> | null>(),
        leavers.underWay(now),
      ])
      return { pending: planning + asked + (checking ? 1 : 0), due: late, dead: 0, oldestAt: oldest?.lookAt ?? null }
    },
  }

  type Pair = { readonly userid: string; readonly externalUserId: string }
  /** The hand-over of ours that gave a member this customer or took the customer away: under way, or ended near a moment. */
  const find = (pair: Pair, side: 'from' | 'to', at: Date): Promise<ItemDoc | null> => {
    const near = { $gte: new Date(at.getTime() - nearMs), $lte: new Date(at.getTime() + nearMs) }
    return items
      .findOne({
        target: pair.externalUserId,
        [side]: pair.userid,
        attempt: { $gt: 0 },
        $or: [{ open: true }, { state: { $in: ['done', 'refused', 'full'] }, at: near }],
      })
      .sort({ calledAt: -1 })
      .lean<ItemDoc | null>()
      .exec()
  }

  const handlers = transferHandlers({
    find: (externalUserId, to, at) => find({ userid: to, externalUserId }, 'to', at),
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
    ...createAsks({ ...deps, transfers, items, nudge }),

    /** The hand-over of ours behind a callback near a moment; null when there is none. */
    async handOverOf(pair: Pair, side: 'from' | 'to', at: Date): Promise<HandOver | null> {
      const item = await find(pair, side, at)
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
