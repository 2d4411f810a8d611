import type { Model } from 'mongoose'
import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { ChannelDoc } from './channels.model.ts'

const perRound = 500
/** One job works through so many one after the other: calls are paced by the number of jobs, not by the number of channels. */
const perJob = 50
/** How long a nudge has before the sweep looks itself. */
const graceMs = 30_000
const parts = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / perJob) }, (_, part) => list.slice(part * perJob, (part + 1) * perJob))

type Deps = { model: Model<ChannelDoc>; enqueue: Enqueue }

/** Channels whose time has come: somebody else is on duty, a day is over, an answer has to be looked for, a failure tried again. */
export const createChannelsSweep = ({ model, enqueue }: Deps): Sweep => ({
  stage: 'channels',
  async run(now) {
    const due = await model
      .find({ dueAt: { $lte: now } }, { _id: 1 })
      .sort({ dueAt: 1 })
      .limit(perRound)
      .lean<Pick<ChannelDoc, '_id'>[]>()
    const ids = due.map(({ _id }) => _id)
    if (ids.length === 0) return 0
    await model.updateMany(
      { _id: { $in: ids }, dueAt: { $lte: now } },
      { $set: { dueAt: new Date(now.getTime() + graceMs) } },
    )
    for (const part of parts(ids)) await enqueue('channels.serve', { ids: part })
    return ids.length
  },
})

/** `dead`: contact ways that are gone from WeCom; a person has to make them anew or delete the channel. */
export const createChannelsBacklog = (model: Model<ChannelDoc>): BacklogOf => ({
  stage: 'channels',
  async count(now) {
    const [pending, due, dead, oldest] = await Promise.all([
      model.countDocuments({ status: 'making' }),
      model.countDocuments({ dueAt: { $lte: now } }),
      model.countDocuments({ status: 'gone' }),
      model
        .findOne({ dueAt: { $lte: now } }, { dueAt: 1 })
        .sort({ dueAt: 1 })
        .lean<Pick<ChannelDoc, 'dueAt'> | null>(),
    ])
    return { pending, due, dead, oldestAt: oldest?.dueAt ?? null }
  },
})
