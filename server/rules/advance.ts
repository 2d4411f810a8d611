import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import type { RuleVersionDoc } from './rules.model.ts'
import type { RuleStore } from './rules.ts'
import type { Advance, Go } from './steps.ts'
import type { Perform } from './effects.ts'
import { waitOf, type Asking, type Happened } from './happened.ts'
import type { Tell } from './tell.ts'
import type { Views } from './types.ts'

/** A claim whose process died is taken over after this long; every step is idempotent, so nothing happens twice. */
const claimMs = 60_000

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  store: RuleStore
  go: Go
  tell: Tell
  views: Views
  perform: Perform
  happened: Happened
}

/** Which arm of an experiment somebody is led along belongs into the exposure log. */
const wasSplit = ({ log }: Pick<Advance, 'log'>): boolean => log.some(({ what }) => what === 'split')

/** 'rules.advance': takes due runs on, in bulk and in the order of their due times. */
export const createAdvance = ({ mongo, clock, newId, enqueue, store, go, tell, views, perform, happened }: Deps) => {
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
    const { run, at, next, log } = advance
    const filter = { _id: run._id, claim: id, open: true as const }
    const $push = { log: { $each: log } }
    if (next.state === 'waiting') {
      const { dueAt } = next
      const asks = next.asks === true && at !== null ? { asks: { stepId: at, at: now } } : {}
      const $set = {
        state: next.state,
        at,
        dueAt,
        since: now,
        claim: null,
        ...(dueAt && { lookAt: dueAt }),
        ...asks,
        ...(wasSplit(advance) && { untold: true }),
      }
      const $unset = { met: 1 as const, answer: 1 as const, ...(dueAt === null ? { lookAt: 1 as const } : {}) }
      return { updateOne: { filter, update: { $set, $push, $unset } } }
    }
    const $set = {
      state: next.state,
      at,
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

  type Going = { run: RunDoc; rule: RuleVersionDoc }
  /** The runs that wait for something, as far as `when` says since when. */
  const asking = (going: readonly Going[], when: (run: RunDoc) => Date | null): Asking[] =>
    going.flatMap(({ run, rule }) => {
      const step = waitOf(rule.steps, run.at)
      const since = when(run)
      if (step === null || since === null) return []
      // Confirmed may be what was sent long before it came here.
      return [{ run, step, since: step.until.type === 'confirmed' ? run.enteredAt : since }]
    })

  /** What happened between a run's coming to a step and its being written that it waits there, it would wait for in vain. */
  const lookBack = async (began: readonly Going[], now: Date): Promise<void> => {
    const found = await happened(asking(began, (run) => run.since ?? null))
    const runIds = [...found.keys()]
    if (runIds.length === 0) return
    await runs.bulkWrite(
      [...found].map(([_id, met]) => ({
        updateOne: {
          filter: { _id, open: true as const, state: 'waiting' as const, at: met.stepId, met: { $exists: false } },
          update: { $set: { met, dueAt: now, lookAt: now } },
        },
      })),
      { ordered: false },
    )
    await enqueue('rules.advance', { runIds })
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
    const versioned: Going[] = []
    for (const run of going) {
      const rule = await store.version(run.ruleId, run.version)
      if (rule !== null) versioned.push({ run, rule })
    }
    // A wait that ran out may have missed what came while nobody looked.
    const met = await happened(
      asking(versioned, ({ state, since, met: had }) => (state === 'waiting' && !had ? (since ?? null) : null)),
    )
    const advances: Advance[] = []
    for (const { run, rule } of versioned) {
      const view = known.get(run.customerId)
      if (view !== undefined) advances.push(await go(run, rule, view, now, run.met ?? met.get(run._id)))
    }
    await perform(advances.map(({ effects }) => effects))
    if (advances.length === 0) return
    await runs.bulkWrite(
      advances.map((advance) => finish(advance, id, now)),
      { ordered: false },
    )
    const rules = new Map(versioned.map(({ run, rule }) => [run._id, rule]))
    const began = advances.flatMap(({ run, at, next }): Going[] => {
      const rule = rules.get(run._id)
      return rule === undefined || next.state !== 'waiting' ? [] : [{ run: { ...run, at, since: now }, rule }]
    })
    await lookBack(began, now)
    const news = advances.filter((one) => one.next.state !== 'waiting' || wasSplit(one))
    const ids = news.map(({ run }) => run._id)
    if (ids.length > 0) await tell(await runs.find({ _id: { $in: ids }, untold: true }).toArray())
  }

  return async ({ runIds }: { runIds: readonly string[] }): Promise<void> => {
    const untold = await runs.find({ _id: { $in: [...runIds] }, untold: true }).toArray()
    await tell(untold)
    const { id, claimed } = await claim(runIds)
    await work(claimed, id)
  }
}
