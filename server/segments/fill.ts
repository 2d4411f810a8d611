import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Condition } from '@zhiyin/shared/condition'
import { toFilter, type CustomerFilter } from '../conditions/filter.ts'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { seenBy } from './count.ts'
import { listFacts, type Lists } from './lists.ts'
import { segmentCollections, type Filling, type SegmentDoc } from './segments.model.ts'
import type { Apart, Customers } from './types.ts'

const againMs = 15_000
/** Put in and worked through at once: few enough that events pass between. */
const atOnce = 5
/** So much of the time it took it rests after each: events are not to wait for more than twice as long as without it. */
const restShare = 0.8
/** Every process knows a new list by then. */
const settleMs = 2_500

type Deps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  customers: Pick<Customers, 'scan' | 'count'>
  lists: Pick<Lists, 'listOf'>
  log: Log
  apart: Apart
  perBatch?: number
}

/**
 * Fills a list with everybody who meets a condition, in batches in the order of ids with the place kept in the list: a batch done twice
 * puts nobody in twice. It works those it puts in through itself, a few at once, so that events do not stand in line behind a list.
 */
export const createFill = ({ mongo, clock, enqueue, customers, lists, log, apart, perBatch = 20 }: Deps) => {
  const { segments } = segmentCollections(mongo.connection)
  const filterOf = ({ condition, within, at }: Filling): CustomerFilter => seenBy(toFilter(condition, at), within)

  const start = async (
    id: string,
    condition: Condition,
    within: readonly string[] | null,
    by: string,
  ): Promise<SegmentDoc> => {
    await lists.listOf(id)
    const at = clock.date()
    const bare = { id: randomUUID(), condition, within, by, at, after: null, done: 0, total: 0 }
    const filling: Filling = { ...bare, total: await customers.count(filterOf(bare)) }
    const saved = await segments.findOneAndUpdate(
      { _id: id, fillAt: { $exists: false } },
      { $set: { filling, fillAt: new Date(at.getTime() + settleMs) } },
      { returnDocument: 'after' },
    )
    if (saved === null) throw new AppError('segment.filling', { status: 409 })
    return saved
  }

  /** Whoever cannot be worked through now waits for the sweep of facts, and holds up no list. */
  const put = async (list: SegmentDoc, { by, at, id }: Filling, customerIds: readonly string[]): Promise<void> => {
    const began = performance.now()
    await apart.keep(listFacts('list.joined', list, customerIds, { by, at, key: id }))
    await apart
      .deliver(customerIds)
      .catch((error: unknown) =>
        log.warn({ err: error, listId: list._id }, 'put into a list, not worked through; the sweep will'),
      )
    await sleep((performance.now() - began) * restShare)
  }

  /** 'segments.fill': the next batch of one list, if `after` is still where it stands. */
  const next = async ({ segmentId, after }: { segmentId: string; after: string | null }): Promise<void> => {
    const list = await segments.findOne({ _id: segmentId, fillAt: { $exists: true } })
    const filling = list?.filling
    if (list === null || filling === undefined || filling.after !== after) return
    const found = await customers.scan(filterOf(filling), after, perBatch)
    const ids = found.map(({ id }) => id)
    for (let from = 0; from < ids.length; from += atOnce) await put(list, filling, ids.slice(from, from + atOnce))
    const last = ids.at(-1) ?? after
    const over = found.length < perBatch
    const now = clock.date()
    const set = { 'filling.after': last }
    const kept = await segments.updateOne(
      { _id: segmentId, 'filling.id': filling.id, 'filling.after': after },
      over
        ? { $unset: { filling: 1, fillAt: 1 } }
        : { $set: { ...set, fillAt: new Date(now.getTime() + againMs) }, $inc: { 'filling.done': ids.length } },
    )
    if (kept.matchedCount === 0 || over) return
    await enqueue('segments.fill', { segmentId, after: last })
  }

  const sweep: Sweep = {
    stage: 'segments',
    async run(now) {
      const due = await segments
        .find({ fillAt: { $lte: now } }, { projection: { filling: 1 } })
        .limit(20)
        .toArray()
      for (const { _id, filling } of due) {
        await segments.updateOne({ _id }, { $set: { fillAt: new Date(now.getTime() + againMs) } })
        await enqueue('segments.fill', { segmentId: _id, after: filling?.after ?? null })
      }
      return due.length
    },
  }

  return { start, next, sweep }
}

export type Fill = ReturnType<typeof createFill>
