import type { BacktestInput } from '@zhiyin/shared/backtest'
import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { Enqueue } from '../../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../../flow/sweep.ts'
import type { Scope } from '../../platform/actor.ts'
import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import type { NewId } from '../../platform/id.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { shareOf } from '../../platform/share.ts'
import type { Known } from '../../profile/read.ts'
import type { By } from '../approval.ts'
import { ruleOf } from '../rule-of.ts'
import type { RuleStore } from '../rules.ts'
import { backtestCollection, type BacktestDoc } from './backtests.model.ts'
import { occurrencesOf } from './begins.ts'
import { createReplaying, type ReplayingDeps } from './replaying.ts'
import { addWay, emptyTally } from './tally.ts'

/** A batch has so many candidates looked at, and at most so many of them led through. */
const perLook = 1000
const perBatch = 40
const againMs = 60_000
const mostExamples = 20

export type BacktestDeps = ReplayingDeps & {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  store: Pick<RuleStore, 'on'>
  customers: {
    count(scope: Scope): Promise<number>
    ids(scope: Scope, after: string, limit: number): Promise<readonly string[]>
    known(ids: readonly string[]): Promise<readonly Known[]>
  }
}

/** Backtests: what a rule would have done over stored history, batch by batch with the place kept, so that a crash costs one batch. */
export const createBacktests = (deps: BacktestDeps) => {
  const { mongo, clock, newId, enqueue, zone, store, customers } = deps
  const backtests = backtestCollection(mongo.connection)
  const replaying = createReplaying(deps)
  const inMs = (ms: number): Date => new Date(clock.now() + ms)

  const get = async (id: string): Promise<BacktestDoc> => {
    const doc = await backtests.findOne({ _id: id })
    if (doc === null) throw notFound('backtest', id)
    return doc
  }

  /** The next customers of the sample; `last` null: there are no more. */
  const next = async ({ _id, scope, after, share }: BacktestDoc): Promise<{ ids: string[]; last: string | null }> => {
    const found = await customers.ids(scope, after, perLook)
    const chosen = share >= 1 ? found : found.filter((id) => shareOf(_id, id) < share)
    const ids = chosen.slice(0, perBatch)
    if (chosen.length > perBatch) return { ids, last: ids.at(-1) ?? null }
    return { ids, last: found.length < perLook ? null : (found.at(-1) ?? null) }
  }

  /** 'rules.backtest': leads the next batch through. */
  const run = async ({ id }: { id: string }): Promise<void> => {
    const doc = await backtests.findOne({ _id: id, state: 'running' })
    if (doc === null) return
    const { from, to, after, checked, rev } = doc
    const { ids, last } = await next(doc)
    const rule = ruleOf(doc.ruleId ?? doc._id, doc.rule, doc.at)
    const span = { from, to, occurrences: occurrencesOf(rule, zone, from, to) }
    const ways = await replaying(rule, await store.on(), await customers.known(ids), span)
    const { tally, examples } = doc
    for (const way of ways) {
      addWay(tally, way, zone)
      const shown = way.lines.some(({ kind }) => kind !== 'kept')
      if (shown && examples.length < mostExamples)
        examples.push({ customerId: way.customerId, lines: way.lines.slice(0, 60) })
    }
    const set = { tally, examples, checked: checked + ids.length }
    const saved = await backtests.updateOne(
      { _id: id, state: 'running', after, checked, rev },
      last === null
        ? { $set: { ...set, after: '', state: 'done' as const }, $unset: { lookAt: 1 as const } }
        : { $set: { ...set, after: last, lookAt: inMs(againMs) } },
    )
    if (saved.matchedCount === 1 && last !== null) await enqueue('rules.backtest', { id })
  }

  return {
    get,
    run,

    /** Begins one over the customers of a scope. */
    async begin({ id, rule, days, sample }: BacktestInput, scope: Scope, by: By): Promise<BacktestDoc> {
      const at = clock.date()
      const total = await customers.count(scope)
      const doc: BacktestDoc = {
        _id: newId('backtest'),
        ruleId: id ?? null,
        rule,
        state: 'running',
        at,
        by: by.name,
        byId: by.id,
        scope: scope === null ? null : [...scope],
        from: momentOf(zonedTime(at, zone).day - days, 0, zone),
        to: at,
        total,
        share: sample === null || total <= sample ? 1 : sample / total,
        after: '',
        checked: 0,
        tally: emptyTally(),
        examples: [],
        rev: 0,
        lookAt: inMs(againMs),
      }
      await backtests.insertOne(doc)
      await enqueue('rules.backtest', { id: doc._id })
      return doc
    },

    /** Stops one; what it has counted so far stays. */
    async cancel(id: string): Promise<BacktestDoc> {
      await backtests.updateOne({ _id: id, state: 'running' }, { $set: { state: 'cancelled' }, $unset: { lookAt: 1 } })
      return get(id)
    },

    sweep: {
      stage: 'rules.backtests',
      async run(now) {
        const stuck = await backtests
          .find({ lookAt: { $lte: now } }, { projection: { _id: 1 } })
          .limit(20)
          .toArray()
        for (const { _id } of stuck) {
          await backtests.updateOne({ _id, state: 'running' }, { $set: { lookAt: inMs(againMs) } })
          await enqueue('rules.backtest', { id: _id })
        }
        return stuck.length
      },
    } satisfies Sweep,

    backlog: {
      stage: 'rules.backtests',
      async count(now) {
        const [pending, due] = await Promise.all([
          backtests.countDocuments({ lookAt: { $exists: true } }),
          backtests.countDocuments({ lookAt: { $lte: now } }),
        ])
        return { pending, due, dead: 0, oldestAt: null }
      },
    } satisfies BacklogOf,
  }
}

export type Backtests = ReturnType<typeof createBacktests>
