import { because, type Because } from '@zhiyin/shared/because'
import type { BroadcastDraft } from '@zhiyin/shared/broadcast'
import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { OpenMessages, Outbox, SendsRead } from '../outbox/read.ts'
import { createAudience } from './audience.ts'
import { broadcastModel, type BroadcastDoc } from './broadcasts.model.ts'
import { createBuild, overMs } from './build.ts'
import { createIntents, type Sending } from './intents.ts'
import { createBroadcastPreview } from './preview.ts'
import { createRemindAll, type RemindOne } from './remind.ts'
import type { CountCustomers, CustomerGroups, Names, Reached, Render, ScanCustomers } from './types.ts'

const perRound = 50
const againMs = 15_000

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  scan: ScanCustomers
  count: CountCustomers
  groups: CustomerGroups
  render: Render
  names: Names
  lastTalk: (customerId: string) => Promise<string | null>
  /** The content's name; throws not_found. */
  contentName: (id: string) => Promise<string>
  outbox: Pick<Outbox, 'wantMany' | 'withdraw' | 'preview'>
  isOpen: SendsRead['isOpen']
  messages: Pick<OpenMessages, 'ofBroadcast'>
  remind: RemindOne
  /** Those whom the season leaves out are told as well; the outbox holds them back. */
  reached: Reached
}

export type NewBroadcast = BroadcastDraft & {
  key: string
  name: string
  within: readonly string[] | null
  by: string
  makerId: string | null
}

/** Mass messages a manager makes: to customers or to customer groups, now or at a time. */
export const createBroadcasts = (deps: Deps) => {
  const { mongo, clock, newId, enqueue, contentName, outbox, isOpen, messages, remind, reached } = deps
  const broadcasts = broadcastModel(mongo.connection)
  const audience = createAudience(deps)
  const intentsOf = createIntents(deps)
  const tryOut = createBroadcastPreview({ ...deps, audience, intentsOf, preview: outbox.preview })

  const get = async (id: string): Promise<BroadcastDoc> => {
    const doc = await broadcasts.findById(id).lean()
    if (doc === null) throw notFound('broadcast', id)
    return doc
  }
  const timeOf = (at: string | undefined): Date =>
    new Date(Math.max(clock.now(), at === undefined ? 0 : Date.parse(at)))

  const nudge = async (ids: readonly string[], now: Date): Promise<void> => {
    if (ids.length === 0) return
    await broadcasts.updateMany({ _id: { $in: ids } }, { $set: { lookAt: new Date(now.getTime() + againMs) } })
    for (const broadcastId of ids) await enqueue('broadcasts.build', { broadcastId })
  }

  /** Done once nothing of it is open any more; what falls back to another rep is part of it. */
  const finish = async (ids: readonly string[], now: Date): Promise<void> => {
    for (const _id of ids) {
      const change = (await isOpen(_id))
        ? { $set: { lookAt: new Date(now.getTime() + overMs) } }
        : { $set: { state: 'done' as const }, $unset: { lookAt: 1 as const } }
      await broadcasts.updateOne({ _id, state: 'under_way' }, change)
    }
  }

  const sweep: Sweep = {
    stage: 'broadcasts',
    async run(now) {
      const due = await broadcasts
        .find({ lookAt: { $lte: now } }, { state: 1 })
        .sort({ lookAt: 1 })
        .limit(perRound)
        .lean()
      const ids = (under: boolean) => due.filter(({ state }) => (state === 'under_way') === under).map(({ _id }) => _id)
      await nudge(ids(false), now)
      await finish(ids(true), now)
      return due.length
    },
  }
  const backlog: BacklogOf = {
    stage: 'broadcasts',
    async count(now) {
      const building = { state: 'building' as const }
      const due = { state: 'scheduled' as const, at: { $lte: now } }
      const oldest = await broadcasts.findOne({ lookAt: { $exists: true }, ...building }).lean()
      return {
        pending: await broadcasts.countDocuments({ lookAt: { $exists: true }, ...building }),
        due: await broadcasts.countDocuments({ lookAt: { $exists: true }, ...due }),
        dead: 0,
        oldestAt: oldest?.at ?? null,
      }
    },
  }

  const stop = async (id: string, by: string, reason: Because): Promise<BroadcastDoc> => {
    if ((await get(id)).state === 'done') return get(id)
    await broadcasts.updateOne(
      { _id: id, state: { $in: ['scheduled', 'building', 'under_way'] } },
      // Looked at once more, for a batch may be on its way in at this moment.
      { $set: { state: 'cancelled', cancelledBy: by, lookAt: new Date(clock.now() + overMs) } },
    )
    await outbox.withdraw({ broadcastId: id }, reason)
    return get(id)
  }

  return {
    get,
    /** One page, newest first; `makerId` null: of everybody. */
    async list({ limit, after, makerId }: { limit: number; after?: string | undefined; makerId: string | null }) {
      const found = await broadcasts
        .find({
          ...(makerId === null ? {} : { makerId }),
          ...(after === undefined ? {} : { _id: { $lt: after } }),
        })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean()
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?._id ?? null) : null }
    },
    /** Those whose receivers are still to be found, with their condition (null: they go to groups). */
    async open() {
      const found = await broadcasts
        .find({ lookAt: { $exists: true }, state: { $in: ['scheduled', 'building'] } }, { name: 1, audience: 1 })
        .lean()
      return found.map(({ _id, name, audience }) => ({
        _id,
        name,
        condition: audience.kind === 'customers' ? audience.condition : null,
      }))
    },
    async preview({ at, ...draft }: BroadcastDraft, within: readonly string[] | null) {
      await contentName(draft.contentId)
      const sending: Sending = {
        ...draft,
        _id: 'preview',
        name: '',
        within: within === null ? null : [...within],
        at: timeOf(at),
      }
      return tryOut(sending)
    },
    /** Idempotent by key. Throws not_found for an unknown content. */
    async create({ key, name, within, by, makerId, at, ...draft }: NewBroadcast): Promise<BroadcastDoc> {
      const had = await broadcasts.findOne({ key }).lean()
      if (had !== null) return had
      const when = timeOf(at)
      const doc = {
        ...draft,
        _id: newId('broadcast'),
        name,
        content: await contentName(draft.contentId),
        within: within === null ? null : [...within],
        at: when,
        state: 'scheduled' as const,
        after: null,
        receivers: 0,
        createdBy: by,
        makerId,
        createdAt: clock.date(),
        lookAt: when,
      }
      const stored = await broadcasts
        .findOneAndUpdate({ key }, { $setOnInsert: doc }, { upsert: true, returnDocument: 'after' })
        .lean()
      const made = stored ?? { ...doc, key }
      if (when.getTime() <= clock.now()) await enqueue('broadcasts.build', { broadcastId: made._id })
      return made
    },
    /** WeCom's content check refused its words: the rest would be refused too. */
    refused: (id: string): Promise<BroadcastDoc> => stop(id, '企业微信', because('block.spam')),
    /** Takes back what has not been confirmed; what was sent stays. Safe to repeat. */
    cancel: (id: string, by: string): Promise<BroadcastDoc> =>
      stop(id, by, because('block.broadcast_cancelled', { by })),
    messages: messages.ofBroadcast,
    remind: createRemindAll({ ofBroadcast: messages.ofBroadcast, remind }),
    jobs: { 'broadcasts.build': createBuild({ mongo, clock, enqueue, audience, intentsOf, outbox, reached }).build },
    sweep,
    backlog,
  }
}

export type Broadcasts = ReturnType<typeof createBroadcasts>
