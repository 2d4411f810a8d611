import type { ClientSession } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { Clock } from '../../platform/clock.ts'
import type { NewId } from '../../platform/id.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { conflictModel, identityCollection } from '../identities.model.ts'
import { mergeModel, partModel, type PartDoc } from './merges.model.ts'
import { pairOf } from './sides.ts'

/** `by`: the member who decided; null when it goes by itself. */
export type Joining = {
  readonly into: string
  readonly from: string
  readonly identities: readonly string[]
  readonly because: readonly Because[]
  readonly by: string | null
  readonly note: string
}

/** How long whoever joined them has to do the rest before the sweep looks. */
const graceMs = 10_000

const stoodOf = (doc: CustomerDoc): PartDoc['stood'] => ({
  createdAt: doc.createdAt,
  stage: doc.stage,
  tier: doc.tier,
  levels: doc.levels,
  ruleTags: doc.ruleTags,
  segments: doc.segments,
  definitions: doc.definitions,
  stageVersion: doc.stageVersion,
  tierVersion: doc.tierVersion,
  moveVersion: doc.moveVersion,
})

type Deps = { mongo: Mongo; clock: Clock; newId: NewId }

/**
 * Makes one customer part of another, within a transaction: from its commit on every identity of both leads to `into`, and links to
 * `from` do too. What happened to them goes over afterwards (`carry`). Answers the merge's id. WeCom's customer must be `into`.
 */
export const createJoin = ({ mongo, clock, newId }: Deps) => {
  const { connection } = mongo
  const customers = customerCollection(connection)
  const identities = identityCollection(connection)
  const conflicts = conflictModel(connection)
  const merges = mergeModel(connection)
  const parts = partModel(connection)

  /** What was in doubt of `from` is now in doubt of `into`; what somebody said of them stays. */
  const askAgain = async (into: string, from: string, session: ClientSession): Promise<void> => {
    const open = await conflicts.find({ customerIds: from, state: 'open' }).session(session).lean()
    for (const { _id, customerIds, ...doubt } of open) {
      const other = customerIds.find((id) => id !== from) ?? from
      await conflicts.deleteOne({ _id }, { session })
      if (other === into) continue
      const pair: [string, string] = other < into ? [other, into] : [into, other]
      const set = { $setOnInsert: { ...doubt, customerIds: pair } }
      await conflicts.updateOne({ _id: pairOf(other, into) }, set, { session, upsert: true })
    }
  }

  return async ({ into, from, ...why }: Joining, session: ClientSession): Promise<string> => {
    const docs = await customers.find({ _id: { $in: [into, from] } }, { session }).toArray()
    const [kept, gone] = [docs.find(({ _id }) => _id === into), docs.find(({ _id }) => _id === from)]
    if (kept === undefined || gone === undefined) throw new Error(`${into} or ${from} is not there to be joined`)
    const [_id, now] = [newId('merge'), clock.date()]

    await identities.updateMany(
      { customerId: from, of: { $exists: false } },
      { $set: { customerId: into, of: from } },
      { session },
    )
    await identities.updateMany({ customerId: from }, { $set: { customerId: into } }, { session })
    await customers.deleteOne({ _id: from }, { session })
    // A turn that is working on the other one begins anew.
    await customers.updateOne({ _id: into }, { $inc: { rev: 1 } }, { session })
    await parts.create([{ _id: from, into, mergeId: _id, stood: stoodOf(gone) }], { session })
    await askAgain(into, from, session)
    await merges.create(
      [
        {
          _id,
          into,
          from,
          names: { into: kept.name, from: gone.name },
          identities: [...why.identities],
          because: [...why.because],
          at: now,
          by: why.by,
          note: why.note,
          state: 'joining',
          step: 0,
          lookAt: new Date(now.getTime() + graceMs),
          parted: null,
        },
      ],
      { session },
    )
    return _id
  }
}
