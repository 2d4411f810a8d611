import type { TransferState, TransferWhat } from '@zhiyin/shared/api/transfers'
import { transferStates } from '@zhiyin/shared/api/transfers'
import { AppError, notFound } from '../platform/errors.ts'
import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { leaverCheckModel, leaverModel, type LeaverCheckDoc, type LeaverDoc } from './leavers.model.ts'
import { hopelessReasons } from './reasons.ts'
import { itemModel, transferModel, type ItemDoc, type TransferDoc } from './transfers.model.ts'

export type TransferView = Omit<TransferDoc, '_id' | 'key' | 'lookAt'> & {
  readonly id: string
  readonly counts: Readonly<Record<TransferWhat, number>>
  readonly states: Record<TransferState, number>
  readonly byTaker: ReadonlyMap<string, { readonly done: number; readonly total: number }>
  readonly retriable: number
}
export type TransferItemView = Pick<
  ItemDoc,
  'what' | 'target' | 'customerId' | 'name' | 'to' | 'state' | 'reason' | 'at'
> & { readonly id: string }

type Count = {
  _id: { transferId: string; what: TransferWhat; state: TransferState; to: string; reason: string | null }
  n: number
}

export const retriableStates: readonly TransferState[] = ['refused', 'full', 'failed']

const noStates = (): Record<TransferState, number> => ({
  planned: 0,
  calling: 0,
  unsure: 0,
  waiting: 0,
  done: 0,
  refused: 0,
  full: 0,
  failed: 0,
})

const viewOf = ({ _id, key: _key, lookAt: _lookAt, ...rest }: TransferDoc, counts: readonly Count[]): TransferView => {
  const states = noStates()
  const whats = { customer: 0, group: 0 }
  const byTaker = new Map<string, { done: number; total: number }>()
  let retriable = 0
  for (const { _id: at, n } of counts) {
    if (at.transferId !== _id) continue
    states[at.state] += n
    whats[at.what] += n
    const taker = byTaker.get(at.to) ?? { done: 0, total: 0 }
    byTaker.set(at.to, { done: taker.done + (at.state === 'done' ? n : 0), total: taker.total + n })
    if (retriableStates.includes(at.state) && !hopelessReasons.includes(at.reason ?? '')) retriable += n
  }
  return { id: _id, ...rest, counts: whats, states, byTaker, retriable }
}

const isState = (text: string): text is TransferState => transferStates.some((state) => state === text)

const beyondOf = (after: string) => {
  const [state = '', id = ''] = after.split('~')
  if (!isState(state) || id === '')
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  return { $or: [{ state: { $gt: state } }, { state, _id: { $gt: id } }] }
}

export type TransfersRead = ReturnType<typeof createTransfersRead>

/** What the API shows of hand-overs. */
export const createTransfersRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const transfers = transferModel(connection)
  const items = itemModel(connection)
  const leavers = leaverModel(connection)
  const checks = leaverCheckModel(connection)

  const viewsOf = async (docs: readonly TransferDoc[]): Promise<TransferView[]> => {
    const counts = await items.aggregate<Count>([
      { $match: { transferId: { $in: docs.map(({ _id }) => _id) } } },
      {
        $group: {
          _id: { transferId: '$transferId', what: '$what', state: '$state', to: '$to', reason: '$reason' },
          n: { $sum: 1 },
        },
      },
    ])
    return docs.map((doc) => viewOf(doc, counts))
  }

  return {
    /** One page, newest first, of the members within a scope. */
    async list(query: {
      scope: Scope
      limit: number
      after?: string | undefined
    }): Promise<{ items: TransferView[]; next: string | null }> {
      const docs = await transfers
        .find({
          ...(query.scope === null ? {} : { from: { $in: [...query.scope] } }),
          ...(query.after === undefined ? {} : { _id: { $lt: query.after } }),
        })
        .sort({ _id: -1 })
        .limit(query.limit + 1)
        .lean<TransferDoc[]>()
      const page = docs.slice(0, query.limit)
      const next = docs.length > query.limit ? (page.at(-1)?._id ?? null) : null
      return { items: await viewsOf(page), next }
    },

    /** Throws not_found. */
    async get(id: string): Promise<TransferView> {
      const doc = await transfers.findById(id).lean<TransferDoc | null>()
      const [view] = doc === null ? [] : await viewsOf([doc])
      if (view === undefined) throw notFound('transfer', id)
      return view
    },

    /** The items of one, by state, then by id. */
    async items(query: {
      transferId: string
      state?: TransferState | undefined
      limit: number
      after?: string | undefined
    }): Promise<{ items: TransferItemView[]; next: string | null }> {
      const beyond = query.after === undefined ? {} : beyondOf(query.after)
      const docs = await items
        .find({ transferId: query.transferId, ...(query.state === undefined ? {} : { state: query.state }), ...beyond })
        .sort({ state: 1, _id: 1 })
        .limit(query.limit + 1)
        .lean<ItemDoc[]>()
      const page = docs.slice(0, query.limit)
      const last = page.at(-1)
      return {
        items: page.map(({ _id, what, target, customerId, name, to, state: at, reason, at: when }) => ({
          id: _id,
          what,
          target,
          customerId,
          name,
          to,
          state: at,
          reason,
          at: when,
        })),
        next: docs.length > query.limit && last !== undefined ? `${last.state}~${last._id}` : null,
      }
    },

    /** Who has left customers or groups behind, and when that was last compared with WeCom. */
    async leavers(scope: Scope): Promise<{ items: LeaverDoc[]; check: LeaverCheckDoc | null }> {
      const [list, check] = await Promise.all([
        leavers
          .find(scope === null ? {} : { _id: { $in: [...scope] } })
          .sort({ customers: -1, _id: 1 })
          .lean<LeaverDoc[]>(),
        checks.findById('check').lean<LeaverCheckDoc | null>(),
      ])
      return { items: list, check }
    },
  }
}
