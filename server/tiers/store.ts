import { isDeepStrictEqual } from 'node:util'
import {
  canHold,
  withCuts,
  type Cuts,
  type SchemeInput,
  type TierHow,
  type TierScheme,
} from '@zhiyin/shared/tier-scheme'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { rfmScheme } from '../profile/levels/read.ts'
import { checkScheme, refuseAsked, refuseCircle } from './check.ts'
import { tierCollections, type SchemeDoc, type Worked } from './tiers.model.ts'
import type { Asking, FreshDefinitions } from './types.ts'

/** Every scheme is worked out for every customer with every event; more would be nobody's idea of order. */
const most = 10

export type StoreDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  /** Works everybody out anew. */
  recompute: () => Promise<void>
  definitions: FreshDefinitions
  asking: () => Promise<readonly Asking[]>
}

/** A scheme as it was written; one of before it was refused may say a hold that it cannot have. */
export const written = ({ _id: id, name, levels, how, holdDays }: SchemeDoc): TierScheme => ({
  id,
  name,
  levels,
  how,
  holdDays: canHold({ how }) ? holdDays : 0,
})

/** A scheme as it counts: with the limits in force. */
export const counting = (doc: SchemeDoc): TierScheme => ({ ...written(doc), how: inForce(doc) })
const inForce = ({ how, worked }: Pick<SchemeDoc, 'how' | 'worked'>): TierHow =>
  'mode' in how && how.mode === 'quantile' ? withCuts(how, worked?.inForce ?? null) : how

/** What limits are worked out of; those of another question are of no use. */
const questionOf = (how: TierHow): unknown => {
  if (how.type === 'rfm') return [how.type, how.windowDays]
  return how.type === 'value' ? [how.type, how.windowDays, how.measure, how.shares] : [how.type]
}

/** What was worked out for a scheme, where it still is what `how` asks for. */
export const workedStill = ({ how: before, worked }: Pick<SchemeDoc, 'how' | 'worked'>, how: TierHow): Worked | null =>
  isDeepStrictEqual(questionOf(before), questionOf(how)) ? worked : null

/** Tier schemes as managers define them; what counts for customers follows by working everybody out anew. */
export const createSchemes = ({ mongo, clock, newId, recompute, definitions, asking }: StoreDeps) => {
  const { schemes } = tierCollections(mongo.connection)

  const all = (): Promise<SchemeDoc[]> =>
    schemes.find().sort({ primaryAt: -1, createdAt: 1, _id: 1 }).limit(most).toArray()
  const get = async (id: string): Promise<SchemeDoc> => {
    const doc = await schemes.findOne({ _id: id })
    if (doc === null) throw notFound('tier scheme', id)
    return doc
  }
  const named = async <T>(name: string, write: () => Promise<T>): Promise<T> => {
    try {
      return await write()
    } catch (error) {
      if (isDuplicate(error)) throw new AppError('conflict.exists', { status: 409, params: { name } })
      throw error
    }
  }
  /** Writes over the version that was read. Throws conflict.changed. */
  const over = async (id: string, version: number, set: Partial<SchemeDoc>): Promise<SchemeDoc> => {
    const saved = await named(set.name ?? '', () =>
      schemes.findOneAndUpdate({ _id: id, version }, { $set: set, $inc: { version: 1 } }, { returnDocument: 'after' }),
    )
    if (saved === null) throw new AppError('conflict.changed', { status: 409 })
    await recompute()
    return saved
  }

  return {
    all,
    get,
    /** The primary one first; before the first start has made one, the one it will make. */
    async definitions(): Promise<[TierScheme, ...TierScheme[]]> {
      const [first, ...rest] = (await all()).map(counting)
      return first === undefined ? [rfmScheme()] : [first, ...rest]
    },
    isPrimary: async (id: string): Promise<boolean> => (await all())[0]?._id === id,

    /**
     * What the product begins with, where nothing is: RFM, with the thresholds that settings held. Customers from before had no hold;
     * theirs is for a manager to choose, so that nobody moves by an upgrade. Repeating it changes nothing.
     */
    async begin(former: unknown, customersFromBefore = false): Promise<void> {
      if ((await all()).length > 0) return
      const now = clock.date()
      const { id, ...scheme } = rfmScheme(former ?? {})
      const held = customersFromBefore ? { ...scheme, holdDays: 0 } : scheme
      const doc = { ...held, version: 1, primaryAt: now, worked: null, createdAt: now, updatedAt: now, updatedBy: '' }
      await schemes.updateOne({ _id: id }, { $setOnInsert: doc }, { upsert: true })
    },

    /** Throws conflict.exists, scheme.too_many and what `checkScheme` throws. */
    async create(input: SchemeInput, by: string): Promise<SchemeDoc> {
      if ((await schemes.countDocuments({})) >= most)
        throw new AppError('scheme.too_many', { status: 422, params: { limit: most } })
      const now = clock.date()
      const doc: SchemeDoc = {
        ...input,
        _id: newId('tierScheme'),
        version: 1,
        primaryAt: null,
        worked: null,
        createdAt: now,
        updatedAt: now,
        updatedBy: by,
      }
      checkScheme({ ...input, id: doc._id }, await definitions())
      await named(doc.name, () => schemes.insertOne(doc))
      await recompute()
      return doc
    },

    /** Throws not_found, conflict.changed, conflict.exists, scheme.in_use for a level somebody asks for, and what `checkScheme` throws. */
    async update(id: string, version: number, input: SchemeInput, by: string): Promise<SchemeDoc> {
      const before = await get(id)
      const scheme = { ...input, id }
      checkScheme(scheme, await definitions())
      const kept = new Set(scheme.levels.map(({ key }) => key))
      const gone = before.levels.map(({ key }) => key).filter((key) => !kept.has(key))
      if (gone.length > 0) refuseAsked(written(before), gone, await asking())
      const worked = workedStill(before, scheme.how)
      return over(id, version, { ...input, worked, updatedAt: clock.date(), updatedBy: by })
    },

    /** Throws not_found, and scheme.circle where the scheme asks for the tier it would then give. */
    async makePrimary(id: string, by: string): Promise<SchemeDoc> {
      const doc = await get(id)
      const known = await definitions()
      const scheme = counting(doc)
      refuseCircle({ ...known, schemes: [scheme, ...known.schemes.filter((one) => one.id !== id)] })
      const now = clock.date()
      return over(id, doc.version, { primaryAt: now, updatedAt: now, updatedBy: by })
    },

    /** Throws not_found, scheme.primary, and scheme.in_use, which names where it is asked for. */
    async remove(id: string): Promise<SchemeDoc> {
      const doc = await get(id)
      if ((await all())[0]?._id === id)
        throw new AppError('scheme.primary', { status: 409, params: { name: doc.name } })
      refuseAsked(written(doc), null, await asking())
      const gone = await schemes.deleteOne({ _id: id, version: doc.version })
      if (gone.deletedCount === 0) throw new AppError('conflict.changed', { status: 409 })
      await recompute()
      return doc
    },

    /** Keeps what was worked out; everybody is worked out anew where other limits are in force. Throws nothing when it was changed meanwhile. */
    async keepWorked(doc: SchemeDoc, worked: Worked): Promise<void> {
      const saved = await schemes.updateOne({ _id: doc._id, version: doc.version }, { $set: { worked } })
      const before = doc.worked?.inForce ?? null
      if (saved.modifiedCount > 0 && !isDeepStrictEqual(before, worked.inForce)) await recompute()
    },

    /** Takes limits that were proposed of the version that stands. Throws not_found, conflict.changed. */
    async takeCuts(id: string, version: number, cuts: Cuts, buyers: number, by: string): Promise<SchemeDoc> {
      const doc = await get(id)
      const now = clock.date()
      const quantile = 'mode' in doc.how && doc.how.mode === 'quantile'
      const worked: Worked = { at: now, buyers, cuts, ...doc.worked, inForce: cuts, adoptedAt: now, waiting: null }
      const set = quantile ? { worked } : { how: withCuts(doc.how, cuts) }
      return over(id, version, { ...set, updatedAt: now, updatedBy: by })
    },
  }
}
export type Schemes = ReturnType<typeof createSchemes>
