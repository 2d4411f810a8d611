import type { GroupPush, GroupPushDetail, GroupPushResult } from '@zhiyin/shared/api/group-pushes'
import type { ContentBody } from '@zhiyin/shared/content'
import { AppError, notFound } from '../platform/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { previewOf, type SendItem, type SendsRead } from '../outbox/read.ts'
import { groupModel } from './groups.model.ts'
import { groupMemberModel } from './members.model.ts'
import { pushModel, type PushDoc } from './pushes.model.ts'

/** Who comes and goes within so long after a message may have to do with it. */
const afterMs = 72 * 3_600_000
const OUTSIDE = 2

export type ResultsDeps = {
  mongo: Mongo
  clock: Clock
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  ofPushes: SendsRead['ofPushes']
  tallyOfPushes: SendsRead['tallyOfPushes']
  /** Openings of the links in one message. */
  opensIn: (body: ContentBody) => Promise<{ links: readonly { opens: number }[] }>
}

type Row = Awaited<ReturnType<SendsRead['tallyOfPushes']>>[number]
const tallyOf = (rows: readonly Row[]) => {
  const count = (fits: (row: Row) => boolean): number => rows.reduce((sum, row) => sum + (fits(row) ? row.count : 0), 0)
  const waiting = count(({ state, delivery }) => state === 'sent' && delivery === 'waiting')
  const delivered = count(({ delivery }) => delivery === 'delivered')
  const said = count(({ state, delivery }) => state === 'sent' && delivery === 'none')
  const open = count(({ state }) => state === 'wanted' || state === 'permitted' || state === 'claimed')
  return {
    sent: waiting + delivered + said,
    waiting,
    delivered,
    stuck: count(() => true) - waiting - delivered - said - open,
  }
}

const present = (
  { _id, contentId, content, dueAt, plan, skipped, groups }: PushDoc,
  rows: readonly Row[],
): GroupPush => ({
  id: _id,
  contentId,
  content,
  at: dueAt.toISOString(),
  plan: plan === null ? null : { id: plan.id, name: plan.name },
  skipped,
  groups: groups.length,
  ...tallyOf(rows),
})

const atOf = ({ history }: SendItem, state: string): Date | null =>
  history.find((entry) => entry.state === state)?.at ?? null

/** When WeCom took it: a robot's message is then said, a mass message waits for the owner. */
const sentAt = (send: SendItem): Date | null => atOf(send, 'sent') ?? atOf(send, 'waiting')

const afterOf = (after: string) => {
  const cut = after.indexOf('~')
  const at = Number(after.slice(0, cut))
  if (cut < 1 || !Number.isSafeInteger(at))
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  const dueAt = new Date(at)
  return { $or: [{ dueAt: { $lt: dueAt } }, { dueAt, _id: { $lt: after.slice(cut + 1) } }] }
}

/** What became of pushes, in sum and in each group. */
export const createPushResults = ({ mongo, clock, names, ofPushes, tallyOfPushes, opensIn }: ResultsDeps) => {
  const pushes = pushModel(mongo.connection)
  const groups = groupModel(mongo.connection)
  const members = groupMemberModel(mongo.connection)

  const presentAll = async (docs: readonly PushDoc[]): Promise<GroupPush[]> => {
    const rows = docs.length === 0 ? [] : await tallyOfPushes(docs.map(({ _id }) => _id))
    return docs.map((doc) =>
      present(
        doc,
        rows.filter(({ pushId }) => pushId === doc._id),
      ),
    )
  }

  /** Who joined and left a group in the days after a message arrived in it. */
  const movesAfter = async (chatId: string | null, at: Date | null) => {
    if (chatId === null || at === null) return { joined: null, left: null }
    const within = { $gt: at, $lte: new Date(Math.min(clock.now(), at.getTime() + afterMs)) }
    const [joined, left] = await Promise.all([
      members.countDocuments({ chatId, type: OUTSIDE, joinedAt: within }),
      members.countDocuments({ chatId, type: OUTSIDE, leftAt: within }),
    ])
    return { joined, left }
  }

  /** Groups that got the same message share its links. */
  const opensOf = async (
    sends: readonly SendItem[],
  ): Promise<ReadonlyMap<string, { opens: number; shared: number }>> => {
    const messages = new Map<string, { body: ContentBody; ids: string[] }>()
    for (const { id, userid, body } of sends) {
      if (body === null) continue
      const key = JSON.stringify([userid, body])
      const had = messages.get(key)
      if (had === undefined) messages.set(key, { body, ids: [id] })
      else had.ids.push(id)
    }
    const found = new Map<string, { opens: number; shared: number }>()
    for (const { body, ids } of messages.values()) {
      const { links } = await opensIn(body)
      if (links.length === 0) continue
      const opens = links.reduce((sum, link) => sum + link.opens, 0)
      for (const id of ids) found.set(id, { opens, shared: ids.length })
    }
    return found
  }

  const resultsOf = async (push: PushDoc): Promise<GroupPushResult[]> => {
    const sends = await ofPushes([push._id])
    const byGroup = new Map(sends.map((send) => [send.groupId, send]))
    const ids = push.groups.map(({ id }) => id)
    const [known, called, opened] = await Promise.all([
      groups.find({ _id: { $in: ids } }, { name: 1 }).lean(),
      names([...new Set(sends.flatMap(({ userid }) => userid ?? []))]),
      opensOf(sends),
    ])
    const named = new Map(known.map(({ _id, name }) => [_id, name]))
    return (
      await Promise.all(
        push.groups.map(async ({ id, name, tier, kind }): Promise<GroupPushResult[]> => {
          const send = byGroup.get(id)
          if (send === undefined) return []
          const confirmed = atOf(send, 'delivered')
          return [
            {
              groupId: id,
              group: named.get(id) ?? name,
              kind,
              tier,
              intentId: send.id,
              state: send.state,
              delivery: send.delivery,
              because: send.because,
              preview: previewOf(send.body),
              owner: send.userid === null ? null : (called.get(send.userid) ?? send.userid),
              sentAt: sentAt(send)?.toISOString() ?? null,
              confirmedAt: confirmed?.toISOString() ?? null,
              ...(await movesAfter(send.chatId, confirmed)),
              opens: opened.get(send.id)?.opens ?? null,
              shared: opened.get(send.id)?.shared ?? 1,
            },
          ]
        }),
      )
    ).flat()
  }

  return {
    /** One just made, or of a call repeated. */
    summary: async (push: PushDoc): Promise<GroupPush> => {
      const [item] = await presentAll([push])
      if (item === undefined) throw notFound('push', push._id)
      return item
    },

    /** Newest first. */
    async list({ planId, limit, after }: { planId?: string | undefined; limit: number; after?: string | undefined }) {
      const found = await pushes
        .find({
          ...(planId === undefined ? {} : { 'plan.id': planId }),
          ...(after === undefined ? {} : afterOf(after)),
        })
        .sort({ dueAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean<PushDoc[]>()
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      const next = found.length > limit && last !== undefined ? `${last.dueAt.getTime()}~${last._id}` : null
      return { items: await presentAll(shown), next }
    },

    /** Throws not_found. */
    async one(id: string): Promise<GroupPushDetail> {
      const push = await pushes.findById(id).lean<PushDoc | null>()
      if (push === null) throw notFound('push', id)
      const [[item], results] = await Promise.all([presentAll([push]), resultsOf(push)])
      if (item === undefined) throw notFound('push', id)
      return { ...item, results }
    },
  }
}

export type PushResults = ReturnType<typeof createPushResults>
