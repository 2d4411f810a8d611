import { sends as endpoints } from '@zhiyin/shared/api/sends'
import type { Send } from '@zhiyin/shared/intent'
import { previewOf, type SendItem, type SendsRead } from '../outbox/read.ts'
import { scopeOf, within } from '../platform/actor.ts'
import { forbidden, notFound } from '../platform/errors.ts'
import { bind, type Bound } from './bind.ts'

type NamesOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Deps = { sendsRead: SendsRead; customerNames: NamesOf; groupNames: NamesOf; names: NamesOf }
type Known = {
  customers: ReadonlyMap<string, string>
  groups: ReadonlyMap<string, string>
  reps: ReadonlyMap<string, string>
}

const nameIn = (names: ReadonlyMap<string, string>, id: string | null): string | null =>
  id === null ? null : (names.get(id) ?? null)

const present = (send: SendItem, { customers, groups, reps }: Known): Send => ({
  id: send.id,
  channel: send.channel,
  state: send.state,
  delivery: send.delivery,
  customerId: send.customerId,
  customer: nameIn(customers, send.customerId),
  groupId: send.groupId,
  group: nameIn(groups, send.groupId),
  userid: send.userid,
  rep: nameIn(reps, send.userid) ?? send.userid,
  ruleId: send.cause.ruleId,
  rule: send.cause.rule,
  preview: previewOf(send.body),
  because: send.because,
  history: send.history.map(({ state, at, because }) => ({ state, at: at.toISOString(), because })),
  dueAt: send.dueAt.toISOString(),
  createdAt: send.createdAt.toISOString(),
  settledAt: send.settledAt?.toISOString() ?? null,
})

const idsOf = (items: readonly SendItem[], key: 'customerId' | 'groupId' | 'userid'): string[] => [
  ...new Set(items.flatMap((item) => item[key] ?? [])),
]

export const sendsApi = ({ sendsRead, customerNames, groupNames, names }: Deps): Bound[] => {
  const presentAll = async (items: readonly SendItem[]): Promise<Send[]> => {
    const [customers, groups, reps] = await Promise.all([
      customerNames(idsOf(items, 'customerId')),
      groupNames(idsOf(items, 'groupId')),
      names(idsOf(items, 'userid')),
    ])
    return items.map((item) => present(item, { customers, groups, reps }))
  }
  return [
    bind(endpoints.list, async ({ actor, query }) => {
      const { items, next } = await sendsRead.list({ ...query, scope: scopeOf(actor) })
      return { items: await presentAll(items), next }
    }),
    bind(endpoints.get, async ({ actor, params }) => {
      const send = await sendsRead.get(params.id)
      if (send === null) throw notFound('send', params.id)
      if (!within(scopeOf(actor), send.userid)) throw forbidden('manager')
      const [presented] = await presentAll([send])
      if (presented === undefined) throw notFound('send', params.id)
      return presented
    }),
  ]
}
