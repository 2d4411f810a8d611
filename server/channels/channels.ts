import { randomInt } from 'node:crypto'
import type { ChannelInput } from '@zhiyin/shared/api/channels'
import type { EventHandlers } from '@zhiyin/shared/events'
import type { Fact } from '@zhiyin/shared/fact'
import type { FactsRead } from '../events/read.ts'
import type { Enqueue, JobHandlers } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { MembersRead } from '../members/read.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomRead, WecomSetup } from '../wecom/types.ts'
import type { Alarm } from './alarm.ts'
import { channelsModel, type ChannelDoc } from './channels.model.ts'
import { createCount } from './count.ts'
import { channelsHandlers } from './handlers.ts'
import { newChannel, planOf } from './new-channel.ts'
import { createPlace } from './place.ts'
import { createPlan } from './plan.ts'
import { createPicture, type FetchPicture, type Picture } from './picture.ts'
import { createChannelsRead, type ChannelView } from './read.ts'
import { isAboutMember } from './refusal.ts'
import { createRoster } from './roster.ts'
import { createServe } from './serve.ts'
import { createChannelStats, type ChannelStatsRead } from './stats.ts'
import { createStrays } from './strays.ts'
import { createChannelsBacklog, createChannelsSweep } from './sweep.ts'

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
const STATE_LENGTH = 12

/** Short, unique, and easy to read out; WeCom allows 30 characters and matches case-sensitively. */
const newState = (): string =>
  Array.from({ length: STATE_LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')

export type ChannelsDeps = {
  mongo: Mongo
  clock: Clock
  log: Log
  newId: NewId
  enqueue: Enqueue
  zone: string
  facts: Pick<FactsRead, 'list'>
  members: Pick<MembersRead, 'standing'>
  read: Pick<WecomRead, 'contactWay' | 'contactWayIds' | 'followUserList'>
  setup: Pick<WecomSetup, 'addContactWay' | 'updateContactWay' | 'deleteContactWay'>
  picture: FetchPicture
  /** Tells the managers what cannot wait. */
  alarm: Alarm
}

export type Channels = {
  /**
   * Makes the contact way in WeCom, exactly once, and the channel. Throws `conflict.exists` for a name in use, `channel.member` when WeCom
   * refuses a member, WecomError when it refuses the way or cannot be asked. After a lost answer the channel is `making` until it is found.
   */
  create: (wanted: ChannelInput, by: string) => Promise<ChannelView>
  /** Makes a channel of a way that stands in WeCom. Throws `conflict.exists`, not_found. */
  adopt: (configId: string, name: string, by: string) => Promise<ChannelView>
  /** Saves it, then tells WeCom; what WeCom does not take stands in `problem` and is tried again. Throws as create. */
  update: (id: string, wanted: ChannelInput) => Promise<ChannelView>
  /** Leaves everybody to the backups. Throws `channel.needs_backup`, `channel.state`. */
  pause: (id: string) => Promise<ChannelView>
  resume: (id: string) => Promise<ChannelView>
  /** A new code in place of one that is gone. Throws `channel.state`, and as create. */
  remake: (id: string) => Promise<ChannelView>
  /** Deletes the code in WeCom; the channel's history stays. */
  remove: (id: string) => Promise<ChannelView>
  strays: Pick<ReturnType<typeof createStrays>, 'list' | 'remove'>
  stats: ChannelStatsRead
  /** The QR code as a picture. Throws not_found, `channel.picture`. */
  picture: (id: string) => Promise<Picture>
  /** Facts of a customer, once or often: who came through which channel. */
  count: (customerId: string, facts: readonly Fact[]) => Promise<void>
  handlers: EventHandlers
  jobs: Pick<JobHandlers, 'channels.serve'>
  sweep: Sweep
  backlog: BacklogOf
}

/** Channel QR codes (渠道活码): who stands behind each, at every hour, and who came through it. */
export const createChannels = (deps: ChannelsDeps): Channels => {
  const { mongo, clock, log, newId, enqueue, zone, facts, members, read, setup, alarm } = deps
  const model = channelsModel(mongo.connection)
  const view = createChannelsRead({ mongo })
  const stats = createChannelStats({ mongo, clock, zone })
  const plan = createPlan({ clock, zone, members, wecom: read, stats })
  const place = createPlace({ model, clock, log, plan, read, setup })
  const serve = createServe({ model, clock, plan, place, read, setup, alarm })
  const strays = createStrays({ model, clock, read, setup })
  const pictureOf = createPicture(deps.picture)

  const nudge = async (ids: readonly string[]): Promise<void> => {
    const live: ChannelDoc['status'][] = ['on', 'paused']
    const nudged = await model.updateMany(
      { _id: { $in: [...ids] }, status: { $in: live } },
      { $set: { dueAt: clock.date() }, $inc: { rev: 1 } },
    )
    if (nudged.matchedCount > 0) await enqueue('channels.serve', { ids: [...ids] })
  }

  const get = async (id: string): Promise<ChannelDoc> => {
    const doc = await model.findOne({ _id: id, deletedAt: null }).lean<ChannelDoc | null>()
    if (doc === null) throw notFound('channel', id)
    return doc
  }
  const wrongState = ({ status }: ChannelDoc) => new AppError('channel.state', { status: 409, params: { status } })
  const freeName = async (name: string, but?: string): Promise<void> => {
    const taken = await model.exists({ name, deletedAt: null, ...(but === undefined ? {} : { _id: { $ne: but } }) })
    if (taken !== null) throw new AppError('conflict.exists', { status: 409, params: { name } })
  }
  /** Changes it and tells WeCom; the state it must be in is part of the change. */
  const change = async (doc: ChannelDoc, patch: Partial<ChannelDoc>): Promise<ChannelView> => {
    const saved = await model.updateOne(
      { _id: doc._id, status: doc.status, deletedAt: null },
      { $set: { ...patch, dueAt: clock.date(), tries: 0 }, $inc: { rev: 1 } },
    )
    if (saved.matchedCount === 0) throw new AppError('conflict.changed', { status: 409 })
    await serve(doc._id)
    return view.get(doc._id)
  }

  /** Asks for it; what WeCom refuses for a member names the member. `undo` takes back what was written before. */
  const make = async (doc: ChannelDoc, undo: () => Promise<unknown>): Promise<ChannelView> => {
    try {
      await place.make(doc)
    } catch (error) {
      await undo()
      const [refused] = isAboutMember(error) ? await plan.refused(error, doc.people) : []
      if (refused === undefined) throw error
      const { userid, errcode } = refused
      throw new AppError('channel.member', { status: 409, params: { userid, errcode: errcode ?? 0 }, cause: error })
    }
    const now = await get(doc._id)
    if (now.status === 'on') await serve(doc._id)
    return view.get(doc._id)
  }

  return {
    create: async (wanted, by) => {
      await freeName(wanted.name)
      const doc = newChannel(wanted, { id: newId('channel'), state: newState(), at: clock.date(), by })
      await model.create([doc])
      return make(doc, () => model.deleteOne({ _id: doc._id, status: 'making' }))
    },
    adopt: async (configId, name, by) => {
      await freeName(name)
      const way = await strays.stray(configId)
      const { remark, userids, skipVerify, exclusive, markSource, qrCode } = way
      const given = { name, remark, userids, shifts: [], backups: [], capPerDay: null, tagIds: [] }
      // A state that is a channel's own stays that one's; the way gets another.
      const state = way.state === '' || (await model.exists({ state: way.state })) !== null ? newState() : way.state
      if (state !== way.state) await setup.updateContactWay(configId, { state })
      const made = { id: newId('channel'), state, at: clock.date(), by }
      const doc = newChannel({ ...given, skipVerify, exclusive, markSource }, made)
      await model.create([{ ...doc, status: 'on', configId, qrUrl: qrCode, dueAt: clock.date() }])
      await serve(doc._id)
      return view.get(doc._id)
    },
    update: async (id, wanted) => {
      const doc = await get(id)
      if (wanted.name !== doc.name) await freeName(wanted.name, id)
      const plans = planOf({ ...wanted, exclusive: doc.exclusive })
      if (doc.status === 'paused' && plans.backups.length === 0)
        throw new AppError('channel.needs_backup', { status: 409 })
      const named = new Set(plans.people)
      return change(doc, { ...plans, unable: doc.unable.filter(({ userid }) => named.has(userid)) })
    },
    pause: async (id) => {
      const doc = await get(id)
      if (doc.status !== 'on') throw wrongState(doc)
      if (doc.backups.length === 0) throw new AppError('channel.needs_backup', { status: 409 })
      return change(doc, { status: 'paused' })
    },
    resume: async (id) => {
      const doc = await get(id)
      if (doc.status !== 'paused') throw wrongState(doc)
      return change(doc, { status: 'on' })
    },
    remake: async (id) => {
      const doc = await get(id)
      if (doc.status !== 'gone') throw wrongState(doc)
      const anew = { status: 'making', configId: null, qrUrl: '', placed: null, problem: null } as const
      const saved = await model.updateOne({ _id: id, status: 'gone' }, { $set: anew, $inc: { rev: 1 } })
      if (saved.matchedCount === 0) throw new AppError('conflict.changed', { status: 409 })
      const back = { status: 'gone', configId: doc.configId, dueAt: null } as const
      return make({ ...doc, ...anew }, () => model.updateOne({ _id: id, status: 'making' }, { $set: back }))
    },
    remove: async (id) => {
      const doc = await get(id)
      if (doc.configId !== null) await setup.deleteContactWay(doc.configId)
      const asked = doc.configId === null
      const gone = { status: 'deleted', deletedAt: clock.date(), looks: 0, problem: null } as const
      await model.updateOne(
        { _id: id, deletedAt: null },
        { $set: { ...gone, placed: null, dueAt: asked ? clock.date() : null }, $inc: { rev: 1 } },
      )
      return view.get(id)
    },
    strays,
    stats,
    picture: async (id) => pictureOf(await get(id)),
    count: createCount({
      mongo,
      zone,
      facts,
      onAdded: async (ids) => {
        const capped = await model.distinct('_id', { _id: { $in: [...ids] }, capPerDay: { $ne: null } })
        if (capped.length > 0) await nudge(capped)
      },
    }),
    handlers: channelsHandlers(createRoster({ model, clock, nudge })),
    jobs: {
      'channels.serve': async ({ ids }) => {
        for (const id of ids) await serve(id)
      },
    },
    sweep: createChannelsSweep({ model, enqueue }),
    backlog: createChannelsBacklog(model),
  }
}
