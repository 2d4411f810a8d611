import type { SegmentInput } from '@zhiyin/shared/segment'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import type { SegmentRule } from '../profile/types.ts'
import { refuseCircle, refuseUnknown, refuseUsed, usesOf } from './check.ts'
import { segmentCollections, type SegmentDoc } from './segments.model.ts'
import type { Asking, DefinitionsNow, Recompute } from './types.ts'

const most = 500

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  recompute: Pick<Recompute, 'want'>
  definitions: DefinitionsNow
  /** Everything outside this room that asks for segments. */
  asking: () => Promise<readonly Asking[]>
}

/** Segments as managers define them; what counts for customers follows by working everybody out anew. */
export const createSegmentStore = ({ mongo, clock, newId, recompute, definitions, asking }: Deps) => {
  const { segments } = segmentCollections(mongo.connection)

  const all = (): Promise<SegmentDoc[]> => segments.find().sort({ name: 1 }).limit(most).toArray()
  const get = async (id: string): Promise<SegmentDoc> => {
    const doc = await segments.findOne({ _id: id })
    if (doc === null) throw notFound('segment', id)
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
  /** What is to be stored asks for nothing it cannot have. */
  const check = async (wanted: Pick<SegmentDoc, '_id' | 'name' | 'condition'>): Promise<void> => {
    if (wanted.condition === null) return
    refuseUnknown(wanted.condition, await all())
    refuseCircle(await definitions.fresh(), wanted)
  }
  const everyAsking = async (): Promise<Asking[]> => [
    ...(await all()).map((one): Asking => ({
      kind: 'segment',
      id: one._id,
      name: one.name,
      conditions: one.condition === null ? [] : [one.condition],
    })),
    ...(await asking()),
  ]
  const conditionOf = (input: SegmentInput) => (input.kind === 'rule' ? input.condition : null)

  return {
    get,
    all,
    /** What counts for customers: rule-based ones that are on, and the static lists. */
    async rules(): Promise<SegmentRule[]> {
      const found = await segments.find({ on: true }).sort({ _id: 1 }).limit(most).toArray()
      return found.map(({ _id, name, condition }) => ({ id: _id, name, condition }))
    },
    usedBy: async (id: string): Promise<Asking[]> => usesOf(id, await everyAsking()),

    /** Throws conflict.exists, segment.unknown, segment.circle. */
    async create(input: SegmentInput, by: string): Promise<SegmentDoc> {
      const now = clock.date()
      const doc: SegmentDoc = {
        _id: newId('segment'),
        kind: input.kind,
        name: input.name,
        note: input.note,
        condition: conditionOf(input),
        on: true,
        version: 1,
        ...(input.kind === 'rule' ? { changedAt: now } : {}),
        createdAt: now,
        createdBy: by,
        updatedAt: now,
        updatedBy: by,
      }
      await check(doc)
      await named(input.name, () => segments.insertOne(doc))
      if (input.kind === 'rule') await recompute.want()
      return doc
    },

    /** `version` is the one read. Throws not_found, conflict.changed, conflict.exists, segment.kind, segment.unknown, segment.circle. */
    async update(id: string, version: number, input: SegmentInput, by: string): Promise<SegmentDoc> {
      const before = await get(id)
      if (before.kind !== input.kind) throw new AppError('segment.kind', { status: 422, params: { name: before.name } })
      const condition = conditionOf(input)
      await check({ _id: id, name: input.name, condition })
      const now = clock.date()
      const anew = before.on && JSON.stringify(condition) !== JSON.stringify(before.condition)
      const set = { name: input.name, note: input.note, condition, updatedAt: now, updatedBy: by }
      const saved = await named(input.name, () =>
        segments.findOneAndUpdate(
          { _id: id, version },
          { $set: anew ? { ...set, changedAt: now } : set, $inc: { version: 1 } },
          { returnDocument: 'after' },
        ),
      )
      if (saved === null) throw new AppError('conflict.changed', { status: 409 })
      if (anew) await recompute.want()
      return saved
    },

    /** Throws segment.kind for a list, segment.in_use for one that others ask for, segment.unknown and segment.circle. */
    async turn(id: string, on: boolean, by: string): Promise<SegmentDoc> {
      const before = await get(id)
      if (before.kind === 'list') throw new AppError('segment.kind', { status: 422, params: { name: before.name } })
      if (before.on === on) return before
      if (on) await check(before)
      else refuseUsed(before, await everyAsking())
      const now = clock.date()
      const saved = await segments.findOneAndUpdate(
        { _id: id, version: before.version },
        { $set: { on, changedAt: now, updatedAt: now, updatedBy: by }, $inc: { version: 1 } },
        { returnDocument: 'after' },
      )
      if (saved === null) throw new AppError('conflict.changed', { status: 409 })
      await recompute.want()
      return saved
    },

    /** Throws not_found, and segment.in_use, which names where it is used. */
    async remove(id: string): Promise<SegmentDoc> {
      const doc = await get(id)
      refuseUsed(doc, await everyAsking())
      await segments.deleteOne({ _id: id })
      await recompute.want()
      return doc
    },

    /** What was changed before everybody was worked out, is built. */
    async built(wantedAt: Date): Promise<void> {
      await segments.updateMany({ changedAt: { $lte: wantedAt } }, { $unset: { changedAt: 1 } })
    },
  }
}

export type SegmentStore = ReturnType<typeof createSegmentStore>
