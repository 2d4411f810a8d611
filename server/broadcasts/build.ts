import { because } from '@zhiyin/shared/because'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Outbox } from '../outbox/read.ts'
import type { AudienceOf } from './audience.ts'
import { broadcastModel } from './broadcasts.model.ts'
import type { IntentsOf } from './intents.ts'
import type { Reached } from './types.ts'

const perBatch = 500
const againMs = 15_000
/** How often it is looked whether everything has come to an end. */
export const overMs = 60_000

type Deps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  audience: AudienceOf
  intentsOf: IntentsOf
  outbox: Pick<Outbox, 'wantMany' | 'withdraw'>
  reached: Reached
}

/**
 * 'broadcasts.build': hands out the next batch of receivers, with its place kept: after a crash it goes on where it was, and a batch
 * done twice makes nothing twice.
 */
export const createBuild = ({ mongo, clock, enqueue, audience, intentsOf, outbox, reached }: Deps) => {
  const broadcasts = broadcastModel(mongo.connection)

  /** What was handed out while it was being cancelled goes the way of what was before. */
  const takeBack = async (_id: string): Promise<void> => {
    const doc = await broadcasts.findOne({ _id, state: 'cancelled' }).lean()
    if (doc === null) return
    await outbox.withdraw({ broadcastId: _id }, because('block.broadcast_cancelled', { by: doc.cancelledBy ?? '' }))
    await broadcasts.updateOne({ _id, state: 'cancelled' }, { $unset: { lookAt: 1 } })
  }

  const build = async ({ broadcastId: _id }: { broadcastId: string }): Promise<void> => {
    const now = clock.date()
    await broadcasts.updateOne({ _id, state: 'scheduled', at: { $lte: now } }, { $set: { state: 'building' } })
    const doc = await broadcasts.findOne({ _id, state: 'building' }).lean()
    if (doc === null) return takeBack(_id)
    const receivers = await audience.next(doc, doc.after, perBatch)
    if (receivers.kind === 'customers') await reached(receivers.list.map(({ id }) => ({ customerId: id, at: now })))
    await outbox.wantMany(await intentsOf(doc, receivers))
    const over = receivers.next === null
    const kept = await broadcasts.updateOne(
      { _id, state: 'building', after: doc.after },
      {
        $set: over
          ? { state: 'under_way', lookAt: new Date(now.getTime() + overMs) }
          : { after: receivers.next, lookAt: new Date(now.getTime() + againMs) },
        $inc: { receivers: receivers.list.length },
      },
    )
    if (kept.matchedCount === 1) {
      if (!over) await enqueue('broadcasts.build', { broadcastId: _id })
      return
    }
    await takeBack(_id)
  }

  return { build, takeBack }
}
