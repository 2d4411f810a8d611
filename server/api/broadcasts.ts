import { broadcasts as endpoints } from '@zhiyin/shared/api/broadcasts'
import type { Broadcast, BroadcastCounts, BroadcastDetail } from '@zhiyin/shared/broadcast'
import type { Broadcasts } from '../broadcasts/room.ts'
import { broadcastCommands, makerSeenBy, seeBroadcast } from '../commands/broadcast.ts'
import type { SendsRead, Tally } from '../outbox/read.ts'
import { scopeOf } from '../platform/actor.ts'
import type { Looking } from '../privacy/read.ts'
import { bind, type Bound } from './bind.ts'
import { presentMassMessage } from './mass-message.ts'

type Stored = Awaited<ReturnType<Broadcasts['get']>>
type Deps = Parameters<typeof broadcastCommands>[0] & {
  broadcasts: Broadcasts
  sendsRead: Pick<SendsRead, 'tallyOf' | 'reasonsOf'>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  look: Pick<Looking, 'masked'>
}

const none: BroadcastCounts = {
  open: 0,
  waiting: 0,
  delivered: 0,
  not_friend: 0,
  quota_used: 0,
  expired: 0,
  cancelled: 0,
  blocked: 0,
  failed: 0,
}

const placeOf = ({ state, delivery }: Tally): keyof BroadcastCounts => {
  if (state === 'blocked' || state === 'failed') return state
  return state === 'sent' && delivery !== 'none' ? delivery : 'open'
}
const countsOf = (tallies: readonly Tally[]): BroadcastCounts => {
  const counts = { ...none }
  for (const tally of tallies) counts[placeOf(tally)] += tally.count
  return counts
}

const present = (doc: Stored, tallies: readonly Tally[]): Broadcast => ({
  id: doc._id,
  name: doc.name,
  audience: doc.audience,
  contentId: doc.contentId,
  content: doc.content,
  sender: doc.sender,
  fallback: doc.fallback,
  priority: doc.priority ?? 50,
  onLoss: doc.onLoss ?? 'wait',
  expireHours: doc.expireHours,
  at: doc.at.toISOString(),
  state: doc.state,
  receivers: doc.receivers,
  counts: countsOf(tallies),
  createdBy: doc.createdBy,
  createdAt: doc.createdAt.toISOString(),
})

export const broadcastsApi = ({ broadcasts, sendsRead, names, look, audit }: Deps): Bound[] => {
  const command = broadcastCommands({ broadcasts, audit })
  const one = async (doc: Stored): Promise<Broadcast> => present(doc, await sendsRead.tallyOf(doc._id))

  const detail = async (doc: Stored): Promise<BroadcastDetail> => {
    const [tallies, reasons, messages] = await Promise.all([
      sendsRead.tallyOf(doc._id),
      sendsRead.reasonsOf(doc._id),
      broadcasts.messages(doc._id),
    ])
    const userids = [...new Set(tallies.flatMap(({ userid }) => userid ?? []))]
    const called = await names(userids)
    const reps = userids.map((userid) => ({
      userid,
      name: called.get(userid) ?? userid,
      counts: countsOf(tallies.filter((tally) => tally.userid === userid)),
      messages: messages.filter(({ sender }) => sender === userid).map((each) => presentMassMessage(each, called)),
    }))
    const waiting = reps.toSorted((a, b) => b.counts.waiting - a.counts.waiting || a.name.localeCompare(b.name))
    return look.masked({ ...present(doc, tallies), reps: waiting, reasons })
  }

  return [
    bind(endpoints.list, async ({ actor, query }) => {
      const { items, next } = await broadcasts.list({ ...query, makerId: makerSeenBy(actor) })
      return { items: await Promise.all(items.map(one)), next }
    }),
    bind(endpoints.preview, ({ actor, body }) => broadcasts.preview(body, scopeOf(actor))),
    bind(endpoints.create, async ({ actor, body }) => one(await command.create(actor, body))),
    bind(endpoints.get, async ({ actor, params }) => {
      const doc = await broadcasts.get(params.id)
      seeBroadcast(actor, doc)
      return detail(doc)
    }),
    bind(endpoints.remind, ({ actor, params, body }) => command.remind(actor, params.id, body.userid)),
    bind(endpoints.cancel, async ({ actor, params }) => one(await command.cancel(actor, params.id))),
  ]
}
