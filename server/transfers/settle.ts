import type { Model } from 'mongoose'
import { because } from '@zhiyin/shared/because'
import type { NewFact } from '@zhiyin/shared/fact'
import type { TransferState } from '@zhiyin/shared/api/transfers'
import type { Clock } from '../platform/clock.ts'
import { transferFailedId, type HandedOver, type HandOver } from '../profile/read.ts'
import type { NewTask } from '../tasks/read.ts'
import type { ItemDoc, TransferDoc } from './transfers.model.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** A hand-over takes effect after 24 h (apis.md §11); its result is asked for once its callbacks have had their time. */
const takesMs = dayMs + 10 * minuteMs
/** By then a call that went through stands in WeCom's list. */
const doubtMs = 3_000
const dueMs = 2 * dayMs
const perMove = 100

export type SettleDeps = {
  items: Model<ItemDoc>
  clock: Clock
  appendFacts: (facts: readonly NewFact[]) => Promise<unknown>
  /** Moves the holds of at most 100 customers. Safe to repeat. */
  handOver: (list: readonly HandedOver[]) => Promise<void>
  /** The customers' open tasks and rule runs of the old member go to the new one. Safe to repeat. */
  moveWork: (move: { from: string; to: string; customerIds: readonly string[] }) => Promise<void>
  /** Reads a group again that has another owner now. */
  groupChanged: (chatId: string) => Promise<void>
  createTasks: (tasks: readonly NewTask[]) => Promise<unknown>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  views: (ids: readonly string[]) => Promise<readonly { readonly id: string; readonly name: string }[]>
}

export type Ended = 'refused' | 'full' | 'failed'

export const handOverOf = ({ _id, attempt, from, to }: ItemDoc): HandOver => ({ id: `${_id}:${attempt}`, from, to })

/** Writes what became of items. Each write names the attempt it is about, so that an old answer changes nothing. */
export const createSettle = (deps: SettleDeps) => {
  const { items, clock, appendFacts, handOver, moveWork, groupChanged, createTasks, names, views } = deps

  const write = async (list: readonly ItemDoc[], set: Partial<ItemDoc>): Promise<void> => {
    if (list.length === 0) return
    await items.bulkWrite(
      list.map(({ _id, attempt }) => ({
        updateOne: { filter: { _id, attempt, open: true }, update: { $set: { ...set, claim: null } } },
      })),
      { ordered: false },
    )
  }
  type End = { item: ItemDoc; state: TransferState; reason: string | null; at: Date }
  const end = async (list: readonly End[]): Promise<void> => {
    if (list.length === 0) return
    await items.bulkWrite(
      list.map(({ item: { _id, attempt, to }, state, reason, at }) => ({
        updateOne: {
          filter: { _id, attempt, open: true },
          update: {
            $set: { state, reason, at, claim: null },
            $unset: { open: 1, lookAt: 1 },
            $push: { history: { to, state, reason, at } },
          },
        },
      })),
      { ordered: false },
    )
  }

  /** A customer who stays gets a line in the timeline, and the member who keeps them a task. */
  const tellFailed = async (transfer: TransferDoc, list: readonly ItemDoc[], reason: string, at: Date) => {
    const known = list.flatMap((item) => (item.customerId === null ? [] : [{ item, customerId: item.customerId }]))
    if (known.length === 0) return
    const stays = transfer.mode === 'onjob'
    await appendFacts(
      known.map(({ item, customerId }) => ({
        id: transferFailedId(handOverOf(item)),
        customerId,
        type: 'contact.transfer_failed',
        at,
        source: 'wecom',
        payload: { userid: item.to, reason, ...(stays ? { from: item.from } : {}) },
      })),
    )
    if (!stays) return
    const [members, customers] = await Promise.all([
      names(list.map(({ to }) => to)),
      views(known.map(({ customerId }) => customerId)),
    ])
    const named = new Map(customers.map(({ id, name }) => [id, name]))
    await createTasks(
      known.map(({ item, customerId }) => ({
        key: `transfer_failed:${item._id}:${item.attempt}`,
        kind: 'transfer_failed',
        title: `继续跟进 ${named.get(customerId) ?? ''}`,
        userid: item.from,
        customerIds: [customerId],
        dueAt: new Date(at.getTime() + dueMs),
        because: [because('transfer.failed', { to: members.get(item.to) ?? item.to, reason })],
      })),
    )
  }

  return {
    /** WeCom has begun with these. */
    begun: (list: readonly ItemDoc[]) => {
      const at = clock.date()
      return write(list, { state: 'waiting', reason: null, at, lookAt: new Date(at.getTime() + takesMs) })
    },
    /** Nobody knows whether WeCom did it: its list is looked up. */
    doubt: (list: readonly ItemDoc[], reason: string | null = null) =>
      write(list, { state: 'unsure', reason, lookAt: new Date(clock.now() + doubtMs) }),
    /** Certainly not done: again, not before `lookAt`. */
    putBack: (list: readonly ItemDoc[], lookAt: Date, reason: string | null = null) =>
      write(list, { state: 'planned', reason, lookAt }),
    /** Still as it was. */
    lookAgain: (list: readonly ItemDoc[], lookAt: Date) => write(list, { lookAt }),

    /** Ended without success. */
    async fail(transfer: TransferDoc, list: readonly ItemDoc[], state: Ended, reason: string): Promise<void> {
      const at = clock.date()
      // Told first: a crash in between is made good by the next look, which finds the item open.
      if (state !== 'failed') await tellFailed(transfer, list, reason, at)
      await end(list.map((item) => ({ item, state, reason, at })))
    },

    /** Done at that moment: holds, tasks and runs move, then the item ends. */
    async done(list: readonly { readonly item: ItemDoc; readonly at: Date }[]): Promise<void> {
      for (let start = 0; start < list.length; start += perMove) {
        const some = list.slice(start, start + perMove)
        const moves = some.flatMap(({ item, at }) =>
          item.customerId === null ? [] : [{ ...handOverOf(item), customerId: item.customerId, at }],
        )
        if (moves.length > 0) await handOver(moves)
        const pairs = new Map<string, { from: string; to: string; customerIds: string[] }>()
        for (const { from, to, customerId } of moves) {
          const pair = pairs.get(`${from}\n${to}`) ?? { from, to, customerIds: [] }
          pair.customerIds.push(customerId)
          pairs.set(`${from}\n${to}`, pair)
        }
        for (const pair of pairs.values()) await moveWork(pair)
        for (const { item } of some) if (item.what === 'group') await groupChanged(item.target)
        await end(some.map(({ item, at }) => ({ item, state: 'done', reason: null, at })))
      }
    },
  }
}

export type Settle = ReturnType<typeof createSettle>
