import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import type { RuleStore } from './rules.ts'
import type { Advance, Go } from './steps.ts'
import type { Tell } from './tell.ts'
import type { CreateTasks, TagCustomer, Views, WantMany } from './types.ts'

/** A claim whose process died is taken over after this long; every step is idempotent, so nothing happens twice. */
const claimMs = 60_000

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  store: RuleStore
  go: Go
  tell: Tell
  views: Views
  wantMany: WantMany
  createTasks: CreateTasks
  tagCustomer: TagCustomer
}

/** 'rules.advance': takes due runs on, in bulk and in the order of their due times. */
export const createAdvance = ({
  mongo,
  clock,
  newId,
  store,
  go,
  tell,
  views,
  wantMany,
  createTasks,
  tagCustomer,
}: Deps) => {
  const runs = runCollection(mongo.connection)

  const claim = async (runIds: readonly string[]): Promise<{ id: string; claimed: RunDoc[] }> => {
    const now = clock.date()
    const id = newId('run')
    await runs.updateMany(
      { _id: { $in: [...runIds] }, open: true, dueAt: { $lte: now }, claim: null, lookAt: { $exists: true } },
      { $set: { claim: id, lookAt: new Date(now.getTime() + claimMs) } },
    )
    const claimed = await runs.find({ claim: id }).toArray()
    return { id, claimed: claimed.sort((a, b) => (a.dueAt?.getTime() ?? 0) - (b.dueAt?.getTime() ?? 0)) }
  }

  /** Runs of a rule that is not on wait, out of sight, until it is. */
  const hold = async (held: readonly RunDoc[], id: string): Promise<void> => {
    if (held.length === 0) return
    await runs.updateMany(
      { _id: { $in: held.map(({ _id }) => _id) }, claim: id },
      { $rename: { lookAt: 'heldAt' }, $set: { claim: null } },
    )
  }

  const finish = (advance: Advance, id: string, now: Date) => {
    const { run, step, next, log } = advance
    const filter = { _id: run._id, claim: id, open: true as const }
    const $push = { log: { $each: log } }
    if (next.state === 'waiting') {
      const $set = { state: next.state, step, dueAt: next.dueAt, lookAt: next.dueAt, claim: null }
      return { updateOne: { filter, update: { $set, $push } } }
    }
    const $set = {
      state: next.state,
      step,
      dueAt: null,
      leftAt: now,
      leftBecause: [...next.because],
      untold: true,
      claim: null,
    }
    return {
      updateOne: {
        filter,
        update: { $set, $push, $unset: { open: 1 as const, lookAt: 1 as const, heldAt: 1 as const } },
      },
    }
  }

  const work = async (claimed: readonly RunDoc[], id: string): Promise<void> => {
    const on = new Set((await store.on()).map(({ _id }) => _id))
    // Putting a run away needs certainty: the rule may have been switched on a moment ago elsewhere.
    await hold(
      claimed.filter((run) => !on.has(run.ruleId)),
      id,
    )
    const going = claimed.filter((run) => on.has(run.ruleId))
    if (going.length === 0) return
    const known = new Map(
      (await views([...new Set(going.map(({ customerId }) => customerId))])).map((view) => [view.id, view]),
    )
    const now = clock.date()
    const advances: Advance[] = []
    for (const run of going) {
      const rule = await store.version(run.ruleId, run.version)
      const view = known.get(run.customerId)
      if (rule !== null && view !== undefined) advances.push(await go(run, rule, view, now))
    }
    await wantMany(advances.flatMap(({ intents }) => intents))
    await createTasks(advances.flatMap(({ tasks }) => tasks))
    for (const tagging of advances.flatMap(({ tags }) => tags)) await tagCustomer(tagging)
    if (advances.length === 0) return
    await runs.bulkWrite(
      advances.map((advance) => finish(advance, id, now)),
      { ordered: false },
    )
    const left = advances.filter(({ next }) => next.state !== 'waiting').map(({ run }) => run._id)
    if (left.length > 0) await tell(await runs.find({ _id: { $in: left }, untold: true }).toArray())
  }

  return async ({ runIds }: { runIds: readonly string[] }): Promise<void> => {
    const untold = await runs.find({ _id: { $in: [...runIds] }, untold: true }).toArray()
    await tell(untold)
    const { id, claimed } = await claim(runIds)
    await work(claimed, id)
  }
}
