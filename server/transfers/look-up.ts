import type { Model } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { WecomRead, TransferResult } from '../wecom/types.ts'
import type { Settle } from './settle.ts'
import type { ItemDoc, TransferDoc } from './transfers.model.ts'

const hourMs = 3_600_000
/** An accepted hand-over that WeCom still does not list by then is gone. */
const absentMs = 26 * hourMs
/** What still waits by then is asked for less often. */
const slowMs = 48 * hourMs
/** So often a lost call is made again. */
const mostAttempts = 5

type Deps = {
  items: Model<ItemDoc>
  clock: Clock
  read: Pick<WecomRead, 'transferResults' | 'groupChat'>
  settle: Settle
}

/** Asks WeCom what became of what was begun, and whether what is unsure was begun at all. */
export const createLookUp = ({ items, clock, read, settle }: Deps) => {
  const next = (item: ItemDoc): Date => {
    const age = clock.now() - (item.at ?? clock.date()).getTime()
    return new Date(clock.now() + (age > slowMs ? 6 * hourMs : hourMs / 2))
  }

  /** WeCom's list does not show it. */
  const absent = async (transfer: TransferDoc, item: ItemDoc): Promise<void> => {
    if (item.state === 'unsure') {
      // It was refused because another hand-over runs, and that is none of ours.
      if (item.reason !== null) return settle.fail(transfer, [item], 'failed', item.reason)
      if (item.attempt < mostAttempts) return settle.putBack([item], clock.date())
      return settle.fail(transfer, [item], 'failed', 'no_record')
    }
    const age = clock.now() - (item.at ?? clock.date()).getTime()
    if (age > absentMs) return settle.fail(transfer, [item], 'failed', 'no_record')
    return settle.lookAgain([item], next(item))
  }

  const settleOne = async (transfer: TransferDoc, item: ItemDoc, result: TransferResult | undefined): Promise<void> => {
    const { status } = result ?? { status: 'none' as const }
    // The list may still show how an earlier attempt with the same member ended.
    const earlier = item.history.some(({ to, state }) => to === item.to && state === status)
    if (status === 'none' || (item.state === 'unsure' && earlier)) return absent(transfer, item)
    if (status === 'refused') return settle.fail(transfer, [item], 'refused', 'customer_refused')
    if (status === 'full') return settle.fail(transfer, [item], 'full', 'customer_limit_exceed')
    if (item.state === 'unsure') return settle.begun([item])
    return settle.lookAgain([item], next(item))
  }

  const customersOf = async (transfer: TransferDoc, to: string, list: readonly ItemDoc[]): Promise<void> => {
    const sought = new Set(list.map(({ target }) => target))
    const results = new Map<string, TransferResult>()
    for await (const page of read.transferResults({ kind: transfer.mode, from: transfer.from, to })) {
      for (const result of page) if (sought.has(result.externalUserId)) results.set(result.externalUserId, result)
      if (results.size === sought.size) break
    }
    const done = list.flatMap((item) => {
      const result = results.get(item.target)
      return result?.status === 'done' ? [{ item, at: result.at }] : []
    })
    await settle.done(done)
    for (const item of list) {
      const result = results.get(item.target)
      if (result?.status !== 'done') await settleOne(transfer, item, result)
    }
  }

  /** A group changes hands at once, so its owner tells. */
  const group = async (transfer: TransferDoc, item: ItemDoc): Promise<void> => {
    const chat = await read.groupChat(item.target)
    if (chat?.owner === item.to) await settle.done([{ item, at: clock.date() }])
    else await absent(transfer, item)
  }

  return async (transfer: TransferDoc): Promise<void> => {
    const now = clock.date()
    // Calls that died with their process: nobody knows whether they were made.
    await items.updateMany(
      { transferId: transfer._id, state: 'calling', lookAt: { $lte: now } },
      { $set: { state: 'unsure', claim: null } },
    )
    const due = await items
      .find({ transferId: transfer._id, state: { $in: ['waiting', 'unsure'] }, lookAt: { $lte: now } })
      .lean<ItemDoc[]>()
    const byTaker = new Map<string, ItemDoc[]>()
    for (const item of due) {
      if (item.what === 'group') await group(transfer, item)
      else byTaker.set(item.to, [...(byTaker.get(item.to) ?? []), item])
    }
    for (const [to, list] of byTaker) await customersOf(transfer, to, list)
  }
}

export type LookUp = ReturnType<typeof createLookUp>
