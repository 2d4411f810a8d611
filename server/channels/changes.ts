import { randomInt } from 'node:crypto'
import type { Model } from 'mongoose'
import type { ChannelInput } from '@zhiyin/shared/api/channels'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { isDuplicate } from '../platform/mongo.ts'
import { wecomOf, type WecomSetup } from '../wecom/types.ts'
import type { ChannelDoc } from './channels.model.ts'
import { newChannel, planOf } from './new-channel.ts'
import type { ChannelPlace } from './place.ts'
import type { ChannelPlan } from './plan.ts'
import type { ChannelsRead, ChannelView } from './read.ts'
import { isAboutMember } from './refusal.ts'
import type { Strays } from './strays.ts'

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
const STATE_LENGTH = 12
const usedUp = 41045

/** Short, unique, and easy to read out; WeCom allows 30 characters and matches case-sensitively. */
const newState = (): string =>
  Array.from({ length: STATE_LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')

export type ChannelChanges = {
  /**
   * Makes the contact way in WeCom, exactly once, and the channel. Throws `conflict.exists` for a name in use, `channel.member` when
   * WeCom refuses a member, `channel.quota` when it has no way left, WecomError when it refuses the way or cannot be asked. After a lost
   * answer the channel is `making` until it is found.
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
}

type Deps = {
  model: Model<ChannelDoc>
  clock: Clock
  newId: NewId
  view: Pick<ChannelsRead, 'get'>
  plan: ChannelPlan
  place: Pick<ChannelPlace, 'make'>
  /** Brings the contact way in line; never rejects for what WeCom says. */
  serve: (id: string) => Promise<void>
  strays: Pick<Strays, 'stray'>
  setup: Pick<WecomSetup, 'updateContactWay' | 'deleteContactWay'>
}

/** What managers do with channels. */
export const createChanges = ({
  model,
  clock,
  newId,
  view,
  plan,
  place,
  serve,
  strays,
  setup,
}: Deps): ChannelChanges => {
  const get = async (id: string): Promise<ChannelDoc> => {
    const doc = await model.findOne({ _id: id, deletedAt: null }).lean<ChannelDoc | null>()
    if (doc === null) throw notFound('channel', id)
    return doc
  }
  const wrongState = ({ status }: ChannelDoc) => new AppError('channel.state', { status: 409, params: { status } })
  const freeName = async (name: string, but?: string): Promise<void> => {
    const taken = await model.exists({ nameKey: name, ...(but === undefined ? {} : { _id: { $ne: but } }) })
    if (taken !== null) throw new AppError('conflict.exists', { status: 409, params: { name } })
  }
  /** Two who take a name at the same time: one of them has it. */
  const named = async <T>(name: string, write: () => Promise<T>): Promise<T> => {
    try {
      return await write()
    } catch (error) {
      if (!isDuplicate(error)) throw error
      throw new AppError('conflict.exists', { status: 409, params: { name }, cause: error })
    }
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
      if (wecomOf(error)?.errcode === usedUp) throw new AppError('channel.quota', { status: 409, cause: error })
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
      await named(wanted.name, () => model.create([doc]))
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
      await named(name, () => model.create([{ ...doc, status: 'on', configId, qrUrl: qrCode, dueAt: clock.date() }]))
      await serve(doc._id)
      return view.get(doc._id)
    },
    update: async (id, wanted) => {
      const doc = await get(id)
      if (wanted.name !== doc.name) await freeName(wanted.name, id)
      const plans = planOf({ ...wanted, exclusive: doc.exclusive })
      if (doc.status === 'paused' && plans.backups.length === 0)
        throw new AppError('channel.needs_backup', { status: 409 })
      const people = new Set(plans.people)
      return named(wanted.name, () =>
        change(doc, { ...plans, unable: doc.unable.filter(({ userid }) => people.has(userid)) }),
      )
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
      const gone = { status: 'deleted', nameKey: id, deletedAt: clock.date(), looks: 0, problem: null } as const
      await model.updateOne(
        { _id: id, deletedAt: null },
        { $set: { ...gone, placed: null, dueAt: asked ? clock.date() : null }, $inc: { rev: 1 } },
      )
      return view.get(id)
    },
  }
}
