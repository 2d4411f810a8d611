import type { ClientSession } from 'mongoose'
import type { Clock } from '../../platform/clock.ts'
import { AppError, notFound } from '../../platform/errors.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { conflictModel, identityCollection } from '../identities.model.ts'
import { kindOfKey, valueOfKey } from '../identity.ts'
import { newCustomer } from '../new-customer.ts'
import type { Definitions } from '../types.ts'
import { mergeModel, partModel, type MergeDoc } from './merges.model.ts'
import { pairOf } from './sides.ts'
import { createWholes } from './whole.ts'

type Deps = { mongo: Mongo; clock: Clock; definitions: () => Promise<Definitions> }

const graceMs = 10_000

/**
 * Parts two who were made one: from its commit on the identities of each lead to each again. Whoever was part of `from` before stays so.
 * What happened to them goes back afterwards (`carry`). They are never made one again by themselves. Throws merge.state.
 */
export const createPart = ({ mongo, clock, definitions }: Deps) => {
  const { connection } = mongo
  const customers = customerCollection(connection)
  const identities = identityCollection(connection)
  const conflicts = conflictModel(connection)
  const merges = mergeModel(connection)
  const partsModel = partModel(connection)
  const wholes = createWholes(mongo)

  const goBack = async (whole: string, to: string, parts: readonly string[], session: ClientSession) => {
    const theirs = { customerId: whole, of: { $in: [...parts] } }
    const keys = (await identities.find(theirs, { session }).toArray()).map(({ _id }) => _id)
    await identities.updateMany(
      { customerId: whole, of: to },
      { $set: { customerId: to }, $unset: { of: 1 } },
      { session },
    )
    await identities.updateMany(theirs, { $set: { customerId: to } }, { session })
    return keys
  }

  /** Whom WeCom knows takes WeCom's word of them along. */
  const restore = async (whole: CustomerDoc, merge: MergeDoc, keys: readonly string[], session: ClientSession) => {
    const stood = (await partsModel.findOneAndDelete({ _id: merge.from }, { session }).lean())?.stood
    if (stood === undefined) throw new AppError('merge.state', { params: { state: merge.state } })
    const external = keys.find((key) => kindOfKey(key) === 'external_userid')
    const now = clock.date()
    const fresh = newCustomer(
      merge.from,
      external === undefined ? null : valueOfKey(external),
      now,
      await definitions(),
    )
    const contact = external === undefined ? null : whole.contact
    await customers.insertOne({ ...fresh, ...stood, contact, name: merge.names.from }, { session })
    const left = external === undefined ? {} : { contact: null, externalUserId: null }
    await customers.updateOne({ _id: whole._id }, { $set: left, $inc: { rev: 1 } }, { session })
  }

  return (mergeId: string, { by, note }: { by: string; note: string }): Promise<MergeDoc> =>
    mongo.transaction(async (session) => {
      const merge = await merges.findOne({ _id: mergeId }).session(session).lean<MergeDoc | null>()
      if (merge === null) throw notFound('merge', mergeId)
      if (merge.state !== 'joined') throw new AppError('merge.state', { params: { state: merge.state } })
      const { from, into } = merge
      const [wholeId, parts] = [await wholes.standing(from, session), await wholes.partsOf(from, session)]
      const whole = await customers.findOne({ _id: wholeId }, { session })
      if (whole === null) throw notFound('customer', wholeId)
      const keys = await goBack(wholeId, from, parts, session)
      await restore(whole, merge, keys, session)

      const at = clock.date()
      const customerIds: [string, string] = from < into ? [from, into] : [into, from]
      await conflicts.updateOne(
        { _id: pairOf(from, into) },
        {
          $set: { state: 'different', by, note, decidedAt: at },
          $setOnInsert: { customerIds, identities: merge.identities, at },
        },
        { session, upsert: true },
      )
      const parting = {
        state: 'parting' as const,
        step: 0,
        parted: { at, by, note },
        parts,
        whole: wholeId,
        lookAt: new Date(at.getTime() + graceMs),
      }
      await merges.updateOne({ _id: mergeId }, { $set: parting }, { session })
      return { ...merge, ...parting }
    })
}
