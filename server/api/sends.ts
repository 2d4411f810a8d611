import { sends as endpoints, type ManualMessage, type PlannedSends } from '@zhiyin/shared/api/sends'
import { usualPriority, type Send } from '@zhiyin/shared/intent'
import { massMessageCommands } from '../commands/mass-message.ts'
import { recallSend } from '../commands/recall-send.ts'
import {
  previewOf,
  type createDelays,
  type createPlanned,
  type OpenMessages,
  type PlannedRow,
  type PlannedSource,
  type SendItem,
  type SendsRead,
} from '../outbox/read.ts'
import { scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { AppError, forbidden, notFound } from '../platform/errors.ts'
import type { Looking } from '../privacy/read.ts'
import type { ManualItem, ManualRead } from '../results/read.ts'
import { dayStart, zonedTime } from '@zhiyin/shared/zone'
import type { Clock } from '../platform/clock.ts'
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
    contents: { find(ids: readonly string[]): Promise<readonly { id: string; name: string }[]> }
    look: Pick<Looking, 'masked'>
    /** The company's time zone. */
    zone: string
    clock: Pick<Clock, 'now' | 'date'>
    planned: ReturnType<typeof createPlanned>
    /** Whoever knows of sends that are not wanted yet. */
    sources: readonly PlannedSource[]
    delays: ReturnType<typeof createDelays>
  }
type Known = {
  customers: ReadonlyMap<string, string>
  groups: ReadonlyMap<string, string>
  reps: ReadonlyMap<string, string>
  contents: ReadonlyMap<string, string>
  /** Customers who may be opened; the others are not named. */
  seen: ReadonlySet<string>
}

const nameIn = (names: ReadonlyMap<string, string>, id: string | null): string | null =>
  id === null ? null : (names.get(id) ?? null)

const present = (send: SendItem, { customers, groups, reps, contents, seen }: Known): Send => ({
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
  content:
    send.contentId === undefined
      ? null
      : { id: send.contentId, name: nameIn(contents, send.contentId), variant: send.variant ?? null },
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

const idsOf = (items: readonly SendItem[], key: 'customerId' | 'groupId' | 'userid' | 'contentId'): string[] => [
  ...new Set(items.flatMap((item) => item[key] ?? [])),
]

const dayMs = 86_400_000
/** Six weeks: a month as calendars show it. */
const maxDays = 42

/** Rows of the same hour, kind and cause are one. */
const byHour = (rows: readonly (PlannedRow & { kind: PlannedSends['kind'] })[], zone: string): PlannedSends[] => {
  const groups = new Map<string, PlannedSends>()
  for (const { at, kind, channel, rule, broadcast, count } of rows) {
    const { date: day, minutes } = zonedTime(at, zone)
    const name = broadcast?.name ?? rule?.name ?? ''
    const of = { ruleId: rule?.id ?? null, broadcastId: broadcast?.id ?? null, name }
    const row = { day, hour: Math.floor(minutes / 60), kind, channel, ...of }
    const key = JSON.stringify(row)
    const had = groups.get(key)
    const sum = had === undefined || had.count === null || count === null ? count : had.count + count
    groups.set(key, { ...row, count: had?.count === null ? null : sum })
  }
  return [...groups.values()].toSorted((a, b) => (a.day === b.day ? a.hour - b.hour : a.day < b.day ? -1 : 1))
}

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
    const [customers, groups, reps, found] = await Promise.all([
      customerNames([...seen]),
      groupNames(idsOf(items, 'groupId')),
      names(idsOf(items, 'userid')),
      deps.contents.find(idsOf(items, 'contentId')),
    ])
    const contents = new Map(found.map(({ id, name }) => [id, name]))
    return look.masked(items.map((item) => present(item, { customers, groups, reps, contents, seen })))
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
    bind(endpoints.planned, async ({ actor, query }) => {
      const [from, to] = [dayStart(query.from, zone), dayStart(query.to, zone, 1)]
      const days = (to.getTime() - from.getTime()) / dayMs
      if (days <= 0 || days > maxDays)
        throw new AppError('request.invalid', { params: { field: 'to', problem: `1–${maxDays}` } })
      const range = { from, to, scope: scopeOf(actor) }
      const [wanted, coming] = await Promise.all([
        deps.planned(range),
        Promise.all(deps.sources.map((of) => of(range))),
      ])
      const items = [...wanted, ...coming.flat().map((row) => ({ ...row, kind: 'planned' as const }))]
      return { items: byHour(items, zone), today: zonedTime(deps.clock.date(), zone).date }
    }),
    bind(endpoints.delays, async ({ actor, query: { days, userid } }) => {
      const since = new Date(deps.clock.now() - days * dayMs)
      const scope = scopeOf(actor)
      const asked = userid === undefined ? scope : within(scope, userid) ? [userid] : []
      const found = await deps.delays({ since, scope: asked })
      const called = await names(found.map((each) => each.userid))
      return { items: found.map((each) => ({ ...each, name: called.get(each.userid) ?? each.userid })) }
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
