import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { RuleStore } from './rules.ts'
import { runCollection } from './runs.model.ts'
import type { Walk } from './walk.ts'

const perRound = 2000
const perJob = 200
const againMs = 20_000
const untoldMs = 5_000
const idOnly = { projection: { _id: 1 } }

type Deps = { mongo: Mongo; enqueue: Enqueue; store: RuleStore; walk: Walk }

/**
 * Finds due runs, the earliest first; in a sweep that is less in a hurry, runs whose line is missing in the timeline, schedules whose
 * time has come, and walks that stand still.
 */
export const createRulesSweeps = ({ mongo, enqueue, store, walk }: Deps): readonly Sweep[] => {
  const runs = runCollection(mongo.connection)

  const nudge = async (ids: readonly string[]): Promise<void> => {
    for (let from = 0; from < ids.length; from += perJob)
      await enqueue('rules.advance', { runIds: ids.slice(from, from + perJob) })
  }

  const dueRuns = async (now: Date): Promise<number> => {
    const due = await runs
      .find({ lookAt: { $lte: now } }, idOnly)
      .sort({ lookAt: 1 })
      .limit(perRound)
      .toArray()
    const ids = due.map(({ _id }) => _id)
    if (ids.length === 0) return 0
    // A claim that is looked at has run out; whoever had it can no longer finish.
    await runs.updateMany(
      { _id: { $in: ids }, lookAt: { $lte: now } },
      { $set: { lookAt: new Date(now.getTime() + againMs), claim: null } },
    )
    await nudge(ids)
    return ids.length
  }

  const untold = async (now: Date): Promise<number> => {
    const late = new Date(now.getTime() - untoldMs)
    const found = await runs
      .find({ untold: true, enteredAt: { $lte: late } }, idOnly)
      .limit(perJob)
      .toArray()
    await nudge(found.map(({ _id }) => _id))
    return found.length
  }

  const schedules = async (now: Date): Promise<number> => {
    const due = await store.dueSchedules(now)
    for (const rule of due) await store.comeRound(rule, now, ({ name }) => walk.begin(rule._id, name))
    return due.length
  }

  return [
    { stage: 'rules', prompt: true, run: dueRuns },
    {
      stage: 'rules.walks',
      run: async (now) => (await untold(now)) + (await schedules(now)) + (await walk.again(now)),
    },
  ]
}

export const createRulesBacklog = ({ mongo, store, walk }: Pick<Deps, 'mongo' | 'store' | 'walk'>): BacklogOf => {
  const runs = runCollection(mongo.connection)
  return {
    stage: 'rules',
    async count(now) {
      const due = { dueAt: { $lte: now }, lookAt: { $exists: true } }
      const [untold, dueRuns, walks, schedules, oldest] = await Promise.all([
        runs.countDocuments({ untold: true }),
        runs.countDocuments(due),
        walk.underWay(),
        store.dueSchedules(now),
        runs.findOne(due, { projection: { dueAt: 1 }, sort: { dueAt: 1 } }),
      ])
      return { pending: untold + walks, due: dueRuns + schedules.length, dead: 0, oldestAt: oldest?.dueAt ?? null }
    },
  }
}
