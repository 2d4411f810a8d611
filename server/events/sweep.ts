import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Facts } from './facts.ts'
import { factModel } from './facts.model.ts'

const perRound = 2000
const againMs = 20_000

/** Finds facts that nobody finished in time, or whose moment has come, and nudges their customers; next look 20 s later. */
export const createFactsSweep = ({ mongo, facts }: { mongo: Mongo; facts: Pick<Facts, 'nudge'> }): Sweep => {
  const model = factModel(mongo.connection)
  return {
    stage: 'events',
    async run(now) {
      const found = await model
        .find({ nudgeAt: { $lte: now } }, { _id: 1, customerId: 1, dueAt: 1 })
        .sort({ nudgeAt: 1 })
        .limit(perRound)
        .lean<{ _id: string; customerId: string; dueAt?: Date }[]>()
      if (found.length === 0) return 0
      await model.updateMany(
        { _id: { $in: found.map((fact) => fact._id) }, nudgeAt: { $lte: now } },
        { $set: { nudgeAt: new Date(now.getTime() + againMs) } },
      )
      const come = found.flatMap(({ _id, dueAt }) => (dueAt === undefined ? [] : [_id]))
      if (come.length > 0)
        await model.updateMany(
          { _id: { $in: come }, dueAt: { $exists: true } },
          { $set: { pending: ['profile', 'rules'] }, $unset: { dueAt: 1 } },
        )
      await facts.nudge(found.map((fact) => fact.customerId))
      return found.length
    },
  }
}

/** Facts not yet worked through; every one of them could be worked on now. */
export const createFactsBacklog = ({ connection }: Mongo): BacklogOf => {
  const model = factModel(connection)
  return {
    stage: 'events',
    async count(now) {
      const unfinished = { nudgeAt: { $exists: true }, $or: [{ dueAt: { $exists: false } }, { dueAt: { $lte: now } }] }
      const [pending, oldest] = await Promise.all([
        model.countDocuments(unfinished),
        model
          .findOne(unfinished, { seenAt: 1, dueAt: 1 })
          .sort({ nudgeAt: 1 })
          .lean<{ seenAt: Date; dueAt?: Date } | null>(),
      ])
      return { pending, due: 0, dead: 0, oldestAt: oldest?.dueAt ?? oldest?.seenAt ?? null }
    },
  }
}
