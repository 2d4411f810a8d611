import type { Model } from 'mongoose'
import type { NewId } from '../platform/id.ts'
import { isDuplicate } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import type { WecomRead } from '../wecom/types.ts'
import type { Clock } from '../platform/clock.ts'
import { shareOut } from './share.ts'
import type { ItemDoc, TransferDoc } from './transfers.model.ts'

const perBatch = 500

export type OwnedGroup = { readonly chatId: string; readonly name: string; readonly owner: string | null }

export type PlanDeps = {
  transfers: Model<TransferDoc>
  items: Model<ItemDoc>
  clock: Clock
  newId: NewId
  read: Pick<WecomRead, 'listContacts' | 'unassigned'>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  /** Our customers behind these external_userids, each made where unknown, in their order. */
  ensureCustomers: (externalUserIds: readonly string[]) => Promise<readonly string[]>
  /** The customer groups these members own. */
  groupsOf: (userids: readonly string[]) => Promise<readonly OwnedGroup[]>
}

type Planned = Pick<ItemDoc, 'what' | 'target' | 'customerId' | 'name' | 'to'>

const partsOf = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / perBatch) }, (_, i) => list.slice(i * perBatch, (i + 1) * perBatch))

/** Writes down who goes to whom before WeCom is asked anything. Done again after a crash, it writes the same. */
export const createPlan = (deps: PlanDeps) => {
  const { transfers, items, clock, newId, read, views, ensureCustomers, groupsOf } = deps

  /** WeCom's own list of whom the member holds: what it does not show there, it would not hand over. */
  const allOf = async ({ mode, from }: TransferDoc): Promise<string[]> => {
    if (mode === 'onjob') return read.listContacts(from)
    const found: string[] = []
    for await (const page of read.unassigned())
      for (const one of page) if (one.userid === from) found.push(one.externalUserId)
    return found
  }

  const customersOf = async (transfer: TransferDoc): Promise<Planned[]> => {
    const { customers, takeovers } = transfer.ask
    const known: CustomerView[] = []
    if (customers === 'all') {
      for (const part of partsOf(await allOf(transfer))) known.push(...(await views(await ensureCustomers(part))))
    } else for (const part of partsOf(customers)) known.push(...(await views(part)))
    const reachable = known.flatMap((view) =>
      view.externalUserId === null ? [] : [{ view, target: view.externalUserId }],
    )
    const sorted = reachable.toSorted((a, b) => (a.view.id < b.view.id ? -1 : 1))
    const holders = ({ view }: (typeof sorted)[number]): string[] =>
      view.follows.filter(({ state }) => state === 'following').map(({ userid }) => userid)
    return shareOut(sorted, takeovers, holders).map(({ thing: { view, target }, to }) => ({
      what: 'customer',
      target,
      customerId: view.id,
      name: '',
      to,
    }))
  }

  const groupItems = async ({ from, ask }: TransferDoc): Promise<Planned[]> => {
    const owned = await groupsOf([from])
    const chosen = ask.groups === 'all' ? owned : owned.filter(({ chatId }) => ask.groups.includes(chatId))
    return shareOut(chosen, ask.takeovers).map(({ thing: { chatId, name }, to }) => ({
      what: 'group',
      target: chatId,
      customerId: null,
      name,
      to,
    }))
  }

  /** Those already in another hand-over are left out: the unique index on what is open decides. */
  const insert = async (transfer: TransferDoc, planned: readonly Planned[]): Promise<void> => {
    const now = clock.date()
    const docs = planned.map((one): ItemDoc => ({
      ...one,
      _id: newId('handover'),
      transferId: transfer._id,
      from: transfer.from,
      state: 'planned',
      reason: null,
      attempt: 0,
      claim: null,
      calledAt: null,
      at: null,
      open: true,
      lookAt: now,
      history: [],
    }))
    try {
      await items.insertMany(docs, { ordered: false })
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
  }

  return async (transfer: TransferDoc): Promise<void> => {
    const planned = [...(await customersOf(transfer)), ...(await groupItems(transfer))]
    for (const part of partsOf(planned)) await insert(transfer, part)
    const written = await items.countDocuments({ transferId: transfer._id })
    await transfers.updateOne(
      { _id: transfer._id, planning: true },
      { $set: { planning: false, skipped: planned.length - written } },
    )
  }
}
