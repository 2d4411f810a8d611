import { sends as endpoints, type ManualMessage } from '@zhiyin/shared/api/sends'
import { usualPriority, type Send } from '@zhiyin/shared/intent'
import { massMessageCommands } from '../commands/mass-message.ts'
import { recallSend } from '../commands/recall-send.ts'
import { previewOf, type OpenMessages, type SendItem, type SendsRead } from '../outbox/read.ts'
import { scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { forbidden, notFound } from '../platform/errors.ts'
import type { Looking } from '../privacy/read.ts'
import type { ManualItem, ManualRead } from '../results/read.ts'
import { dayStart } from '@zhiyin/shared/zone'
import { bind, type Bound } from './bind.ts'
import { presentMassMessage } from './mass-message.ts'
import type { Sees } from './seen.ts'

type NamesOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Deps = Parameters<typeof massMessageCommands>[0] &
  Parameters<typeof recallSend>[0] & {
    sendsRead: SendsRead
    sees: Sees
    messages: OpenMessages
    manual: ManualRead
    customerNames: NamesOf
    groupNames: NamesOf
    names: NamesOf
    look: Pick<Looking, 'masked'>
    /** The company's time zone. */
    zone: string
  }
type Known = {
  customers: ReadonlyMap<string, string>
  groups: ReadonlyMap<string, string>
  reps: ReadonlyMap<string, string>
  /** Customers who may be opened; the others are not named. */
  seen: ReadonlySet<string>
}

const nameIn = (names: ReadonlyMap<string, string>, id: string | null): string | null =>
  id === null ? null : (names.get(id) ?? null)

const present = (send: SendItem, { customers, groups, reps, seen }: Known): Send => ({
  id: send.id,
  channel: send.channel,
  state: send.state,
  delivery: send.delivery,
  customerId: send.customerId !== null && seen.has(send.customerId) ? send.customerId : null,
  customer: nameIn(customers, send.customerId),
  groupId: send.groupId,
  group: nameIn(groups, send.groupId),
  userid: send.userid,
  rep: nameIn(reps, send.userid) ?? send.userid,
  ruleId: send.cause.ruleId,
  rule: send.cause.rule,
  broadcastId: send.cause.broadcastId ?? null,
  broadcast: send.cause.broadcast ?? null,
  preview: previewOf(send.body),
  because: send.because,
  history: send.history.map(({ state, at, because }) => ({ state, at: at.toISOString(), because })),
  dueAt: send.dueAt.toISOString(),
  createdAt: send.createdAt.toISOString(),
  settledAt: send.settledAt?.toISOString() ?? null,
  expiresAt: send.expiresAt.toISOString(),
  priority: send.priority ?? usualPriority,
  expectedValue: send.expectedValue ?? 0,
  lost: send.lost === undefined ? null : { ...send.lost, at: send.lost.at.toISOString() },
  along: send.along ?? null,
  carries: send.carries?.map(({ id }) => id) ?? [],
})

const idsOf = (items: readonly SendItem[], key: 'customerId' | 'groupId' | 'userid'): string[] => [
  ...new Set(items.flatMap((item) => item[key] ?? [])),
]

/** A company with more of them waiting has another problem than the end of this list. */
const maxWaiting = 500

const presentManual = (message: ManualItem, names: ReadonlyMap<string, string>): ManualMessage => ({
  id: message.id,
  chatType: message.chatType,
  origin: message.origin,
  by: message.creator === null ? null : (names.get(message.creator) ?? message.creator),
  preview: message.preview,
  receivers: message.got,
  settled: message.state === 'settled',
  createdAt: message.createdAt.toISOString(),
})

export const sendsApi = (deps: Deps): Bound[] => {
  const { sendsRead, sees, messages, manual, customerNames, groupNames, names, look, zone } = deps
  const mass = massMessageCommands(deps)
  const recall = recallSend(deps)

  const presentAll = async (actor: SignedIn, items: readonly SendItem[]): Promise<Send[]> => {
    const seen = await sees(actor, idsOf(items, 'customerId'))
    const [customers, groups, reps] = await Promise.all([
      customerNames([...seen]),
      groupNames(idsOf(items, 'groupId')),
      names(idsOf(items, 'userid')),
    ])
    return look.masked(items.map((item) => present(item, { customers, groups, reps, seen })))
  }
  return [
    bind(endpoints.list, async ({ actor, query: { from, to, ...query } }) => {
      const days = {
        ...(from === undefined ? {} : { from: dayStart(from, zone) }),
        ...(to === undefined ? {} : { to: dayStart(to, zone, 1) }),
      }
      const { items, next } = await sendsRead.list({ ...query, ...days, scope: scopeOf(actor) })
      return { items: await presentAll(actor, items), next }
    }),
    bind(endpoints.get, async ({ actor, params }) => {
      const send = await sendsRead.get(params.id)
      if (send === null) throw notFound('send', params.id)
      if (!within(scopeOf(actor), send.userid)) throw forbidden('manager')
      const [presented] = await presentAll(actor, [send])
      if (presented === undefined) throw notFound('send', params.id)
      return presented
    }),
    bind(endpoints.recall, async ({ actor, params }) => {
      await recall(actor, params.id)
      return { ok: true as const }
    }),
    bind(endpoints.waiting, async ({ actor }) => {
      const found = await messages.waiting(scopeOf(actor), maxWaiting)
      const called = await names([...new Set(found.map(({ sender }) => sender))])
      return look.masked({ items: found.map((message) => presentMassMessage(message, called)) })
    }),
    bind(endpoints.remind, async ({ actor, params }) => {
      await mass.remind(actor, params.id)
      return { ok: true as const }
    }),
    bind(endpoints.cancel, async ({ actor, params }) => {
      await mass.cancel(actor, params.id)
      return { ok: true as const }
    }),
    bind(endpoints.manual, async ({ actor, query }) => {
      const { items, next } = await manual.list(scopeOf(actor), query)
      const called = await names([...new Set(items.flatMap(({ creator }) => creator ?? []))])
      return { items: items.map((message) => presentManual(message, called)), next }
    }),
  ]
}
