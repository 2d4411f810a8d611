import { isDeepStrictEqual } from 'node:util'
import type { Model } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import { retryOf } from '../platform/errors.ts'
import type { ContactWayChange, WecomRead, WecomSetup } from '../wecom/types.ts'
import { wecomOf } from '../wecom/types.ts'
import type { Alarm } from './alarm.ts'
import type { ChannelDoc, Placed, Unable } from './channels.model.ts'
import type { ChannelPlace } from './place.ts'
import type { ChannelPlan, Wanted } from './plan.ts'
import { isAboutMember, problemOf } from './refusal.ts'

const dayMs = 86_400_000
const badConfigId = 41044
/** Members come, go and lose functions without a word to us: who may serve is looked at again so often. */
const reviewMs = 10 * 60_000
const retryMs = (tries: number): number => Math.min(10 * 60_000, 2_000 * 2 ** tries)

export type ServeDeps = {
  model: Model<ChannelDoc>
  clock: Clock
  plan: ChannelPlan
  place: Pick<ChannelPlace, 'make' | 'settle' | 'sweepUp'>
  read: Pick<WecomRead, 'contactWay'>
  setup: Pick<WecomSetup, 'updateContactWay'>
  alarm: Alarm
}

const sorted = (list: readonly string[]): string[] => [...list].sort()

/** What has to be told to WeCom; nobody to serve changes nothing there, since a contact way cannot be empty. */
const changeOf = (had: Placed | null, wanted: Placed): ContactWayChange | null => {
  const { userids, ...rest } = wanted
  const others = had?.remark !== rest.remark || had.skipVerify !== rest.skipVerify || had.markSource !== rest.markSource
  const members = userids.length > 0 && !isDeepStrictEqual(sorted(had?.userids ?? []), sorted(userids))
  const change: ContactWayChange = { ...(members ? { userids } : {}), ...(others ? rest : {}) }
  return Object.keys(change).length === 0 ? null : change
}

const earliest = (dates: readonly (Date | null)[]): Date =>
  new Date(Math.min(...dates.flatMap((date) => (date === null ? [] : [date.getTime()]))))

/** Brings the contact way of a channel in line with who should serve now, or finishes what its making or deleting has left open. */
export const createServe = ({ model, clock, plan, place, read, setup, alarm }: ServeDeps) => {
  const after = (ms: number): Date => new Date(clock.now() + ms)

  const isGone = async ({ _id, name, people, rev }: ChannelDoc): Promise<void> => {
    await alarm({ id: _id, name, people }, 'gone')
    const change = { status: 'gone', dueAt: null, placed: null, problem: null } as const
    await model.updateOne({ _id, rev }, { $set: change, $inc: { rev: 1 } })
  }

  /** What is really there, once a day; null when it is gone. */
  const compared = async (doc: ChannelDoc, configId: string): Promise<ChannelDoc | null> => {
    if (clock.now() - doc.comparedAt.getTime() < dayMs) return doc
    const way = await read.contactWay(configId)
    if (way === null) return null
    const { userids, remark, skipVerify, markSource, qrCode } = way
    return {
      ...doc,
      comparedAt: clock.date(),
      placed: { userids, remark, skipVerify, markSource },
      qrUrl: qrCode || doc.qrUrl,
    }
  }

  /** Tells WeCom. Members it refuses are left out and it is told again; answers what stands there now. */
  const tell = async (doc: ChannelDoc, configId: string): Promise<Wanted> => {
    let unable: readonly Unable[] = doc.unable
    for (;;) {
      const wanted = await plan.wanted({ ...doc, unable: [...unable] })
      const change = changeOf(doc.placed, wanted.placed)
      if (change === null) return wanted
      try {
        await setup.updateContactWay(configId, change)
        return wanted
      } catch (error) {
        const refused = isAboutMember(error) ? await plan.refused(error, wanted.placed.userids) : []
        if (refused.length === 0) throw error
        unable = [...unable, ...refused]
      }
    }
  }

  /** Who changed the channel meanwhile finds that what stands in WeCom is not known. */
  const save = async (doc: ChannelDoc, { serving, placed, full, unable }: Wanted): Promise<void> => {
    const { by } = serving
    if ((by === 'nobody' || by === 'rest') && by !== doc.by)
      await alarm({ id: doc._id, name: doc.name, people: doc.people }, by)
    const saved = await model.updateOne(
      { _id: doc._id, rev: doc.rev },
      {
        $set: {
          placed: serving.by === 'nobody' ? doc.placed : placed,
          by: serving.by,
          until: serving.until,
          full,
          unable,
          qrUrl: doc.qrUrl,
          problem: null,
          tries: 0,
          comparedAt: doc.comparedAt,
          dueAt: earliest([serving.until, after(reviewMs), ...unable.map(({ until }) => until)]),
        },
      },
    )
    if (saved.matchedCount > 0) return
    await model.updateOne(
      { _id: doc._id, status: { $in: ['on', 'paused'] } },
      { $set: { placed: null, dueAt: clock.date() }, $inc: { rev: 1 } },
    )
  }

  /** Later, when it may help; what a person reads meanwhile stands with the channel. */
  const failed = async (doc: ChannelDoc, error: unknown): Promise<void> => {
    const problem = problemOf(error, clock.date())
    const retry = retryOf(error)
    const wait = typeof retry === 'object' ? retry.afterMs : retry === 'never' ? reviewMs : retryMs(doc.tries)
    await model.updateOne({ _id: doc._id, rev: doc.rev }, { $set: { problem, dueAt: after(wait) }, $inc: { tries: 1 } })
  }

  const bringInLine = async (doc: ChannelDoc): Promise<void> => {
    if (doc.configId === null) return
    const real = await compared(doc, doc.configId)
    if (real === null) return isGone(doc)
    try {
      await save(real, await tell(real, doc.configId))
    } catch (error) {
      if (wecomOf(error)?.errcode !== badConfigId) throw error
      await isGone(doc)
    }
  }

  const work = async (doc: ChannelDoc): Promise<void> => {
    if (doc.status === 'on' || doc.status === 'paused') await bringInLine(doc)
    else if (doc.status === 'making') await place.settle(doc)
    else if (doc.status === 'deleted' && doc.dueAt !== null) await place.sweepUp(doc)
  }

  /** Repeating it is harmless. What WeCom refuses or cannot be asked now stands with the channel and is tried again. */
  return async (id: string): Promise<void> => {
    const doc = await model.findById(id).lean<ChannelDoc | null>()
    if (doc === null) return
    try {
      await work(doc)
    } catch (error) {
      await failed(doc, error)
    }
  }
}
