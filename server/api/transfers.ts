import { transfers as endpoints, type Leaver, type Transfer, type TransferItem } from '@zhiyin/shared/api/transfers'
import { handOverCommands } from '../commands/hand-over.ts'
import { scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { forbidden } from '../platform/errors.ts'
import type { TransferItemView, TransfersRead, TransferView } from '../transfers/read.ts'
import { bind, type Bound } from './bind.ts'
import type { Sees } from './seen.ts'

type Names = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Deps = Parameters<typeof handOverCommands>[0] & {
  transfersRead: TransfersRead
  sees: Sees
  names: Names
  customerNames: Names
}

export const transfersApi = ({ transfersRead, sees, names, customerNames, ...deps }: Deps): Bound[] => {
  const commands = handOverCommands({ ...deps, transfersRead })

  const present = async (views: readonly TransferView[]): Promise<Transfer[]> => {
    const takers = (view: TransferView): string[] => [
      ...new Set([...view.ask.takeovers.map(({ userid }) => userid), ...view.byTaker.keys()]),
    ]
    const known = await names(views.flatMap((view) => [view.from, ...takers(view)]))
    const repOf = (userid: string) => ({ userid, name: known.get(userid) ?? userid })
    return views.map((view) => ({
      id: view.id,
      mode: view.mode,
      from: repOf(view.from),
      takeovers: takers(view).map((userid) => ({
        ...repOf(userid),
        share: view.ask.takeovers.find((one) => one.userid === userid)?.share ?? 0,
        ...(view.byTaker.get(userid) ?? { done: 0, total: 0 }),
      })),
      message: view.ask.message,
      by: view.by,
      at: view.at.toISOString(),
      planning: view.planning,
      customers: view.counts.customer,
      groups: view.counts.group,
      skipped: view.skipped,
      states: view.states,
      retriable: view.retriable,
      problem: view.problem,
      finished: !view.planning && openStates.every((state) => view.states[state] === 0),
    }))
  }
  const one = async (id: string): Promise<Transfer> => {
    const [transfer] = await present([await transfersRead.get(id)])
    if (transfer === undefined) throw new Error('presented nothing')
    return transfer
  }
  const mine = async (actor: SignedIn, id: string): Promise<void> => {
    if (!within(scopeOf(actor), (await transfersRead.get(id)).from)) throw forbidden('admin')
  }
  const presentItems = async (actor: SignedIn, list: readonly TransferItemView[]): Promise<TransferItem[]> => {
    const ids = list.flatMap(({ customerId }) => customerId ?? [])
    const [seen, customers, members] = await Promise.all([
      sees(actor, ids),
      customerNames(ids),
      names(list.map(({ to }) => to)),
    ])
    return list.map(({ id, what, customerId, name, target, to, state, reason, at }) => ({
      id,
      what,
      // Whom another department has taken over stands in the hand-over, but is theirs to open.
      customerId: customerId !== null && seen.has(customerId) ? customerId : null,
      name: (customerId === null ? name : customers.get(customerId)) || target,
      to: { userid: to, name: members.get(to) ?? to },
      state,
      reason,
      at: at?.toISOString() ?? null,
    }))
  }

  return [
    bind(endpoints.leavers, async ({ actor }) => {
      const { items, check } = await transfersRead.leavers(scopeOf(actor))
      const known = await names(items.map(({ _id }) => _id))
      return {
        items: items.map(({ _id, leftAt, customers, groups }): Leaver => ({
          userid: _id,
          name: known.get(_id) ?? _id,
          leftAt: leftAt?.toISOString() ?? null,
          customers,
          groups,
        })),
        checkedAt: check?.at?.toISOString() ?? null,
        problem: check?.problem ?? null,
      }
    }),
    bind(endpoints.check, async ({ actor }) => {
      await commands.check(actor)
      return { ok: true as const }
    }),
    bind(endpoints.list, async ({ actor, query }) => {
      const { items, next } = await transfersRead.list({ ...query, scope: scopeOf(actor) })
      return { items: await present(items), next }
    }),
    bind(endpoints.start, async ({ actor, body }) => one(await commands.start(actor, body))),
    bind(endpoints.get, async ({ actor, params }) => {
      await mine(actor, params.id)
      return one(params.id)
    }),
    bind(endpoints.items, async ({ actor, params, query }) => {
      await mine(actor, params.id)
      const { items, next } = await transfersRead.items({ ...query, transferId: params.id })
      return { items: await presentItems(actor, items), next }
    }),
    bind(endpoints.retry, async ({ actor, params, body }) => {
      const retried = await commands.retry(actor, params.id, body.to, body.itemIds ?? null)
      return { retried, transfer: await one(params.id) }
    }),
  ]
}

const openStates = ['planned', 'calling', 'unsure', 'waiting'] as const
