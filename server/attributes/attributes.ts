import { isDeepStrictEqual } from 'node:util'
import type { Attribute } from '@zhiyin/shared/attribute'
import { builtInAttributes, builtInKeys } from '@zhiyin/shared/built-in-attributes'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { attributeModel, type AttributeDoc } from './attributes.model.ts'
import { createBackfills, type Backfill } from './backfill.ts'
import { checkAttribute } from './check.ts'
import { checkSensitivity } from './sensitivity.ts'
import { createQuality, type Count } from './quality.ts'

export type AttributesDeps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  zone: string
  /** Works everybody out anew. */
  recompute: () => Promise<void>
  backfill: Backfill
  count: Count
  /** What asks for an attribute, by name: rules, segments, schemes. */
  usersOf: (key: string) => Promise<readonly string[]>
}

export type Item = {
  readonly attribute: Attribute
  readonly version: number
  readonly updatedAt: Date | null
  readonly updatedBy: string | null
  readonly backfill: { readonly done: number } | null
}

const attributeOf = ({
  _id: key,
  name,
  nameEn,
  layer,
  type,
  choices,
  sensitivity,
  sources,
  computation,
}: AttributeDoc): Attribute => ({
  key,
  name,
  ...(nameEn ? { nameEn } : {}),
  layer,
  type,
  choices: [...choices],
  sensitivity,
  sources: [...sources],
  computation: computation ?? null,
})

/** A built-in attribute with what managers have changed of it. */
const overlaid = (builtIn: Attribute, doc: AttributeDoc | undefined): Attribute => {
  if (doc === undefined) return builtIn
  const { name, nameEn, sensitivity, sources } = attributeOf(doc)
  return { ...builtIn, name, ...(nameEn === undefined ? {} : { nameEn }), sensitivity, sources }
}

export type AttributesRoom = ReturnType<typeof createAttributes>

/** The attributes of the five layers as managers define them; the built-in ones are there from the start. */
export const createAttributes = (deps: AttributesDeps) => {
  const { mongo, clock, recompute, usersOf } = deps
  const model = attributeModel(mongo.connection)
  const backfills = createBackfills(deps)
  const quality = createQuality(deps)

  const items = async (): Promise<Omit<Item, 'backfill'>[]> => {
    const docs = await model.find().sort({ createdAt: 1, _id: 1 }).lean<AttributeDoc[]>()
    const byKey = new Map(docs.map((doc) => [doc._id, doc]))
    const metaOf = (doc: AttributeDoc | undefined) => ({
      version: doc?.version ?? 0,
      updatedAt: doc?.updatedAt ?? null,
      updatedBy: doc?.updatedBy ?? null,
    })
    return [
      ...builtInAttributes.map((one) => ({
        attribute: overlaid(one, byKey.get(one.key)),
        ...metaOf(byKey.get(one.key)),
      })),
      ...docs.flatMap((doc) => (builtInKeys.has(doc._id) ? [] : [{ attribute: attributeOf(doc), ...metaOf(doc) }])),
    ]
  }
  const itemOf = async (key: string): Promise<Omit<Item, 'backfill'>> => {
    const found = (await items()).find(({ attribute }) => attribute.key === key)
    if (found === undefined) throw notFound('attribute', key)
    return found
  }
  const mustBeFree = async ({ key, name }: Attribute): Promise<void> => {
    const same = (await items()).find(({ attribute }) => attribute.key !== key && attribute.name === name)
    if (same !== undefined) throw new AppError('conflict.exists', { status: 409, params: { name } })
  }
  /** The past is looked through before anybody can miss it; what stands already is worked out anew. */
  const changed = async ({ key, computation }: Attribute, before: Attribute | null): Promise<void> => {
    if (computation === null) await backfills.forget(key)
    else if (!isDeepStrictEqual(computation, before?.computation)) await backfills.want(key)
    await recompute()
  }
  const write = async (attribute: Attribute, version: number, by: string): Promise<void> => {
    const { key: _id, ...rest } = attribute
    const now = clock.date()
    const set = { ...rest, nameEn: rest.nameEn ?? '', version: version + 1, updatedAt: now, updatedBy: by }
    const fresh = version === 0
    try {
      const saved = await model.updateOne(
        fresh ? { _id, version: { $exists: false } } : { _id, version },
        { $set: set, ...(fresh ? { $setOnInsert: { createdAt: now } } : {}) },
        { upsert: fresh },
      )
      if (saved.matchedCount + saved.upsertedCount === 0) throw new AppError('conflict.changed', { status: 409 })
    } catch (error) {
      if (isDuplicate(error)) throw new AppError('conflict.changed', { status: 409 })
      throw error
    }
  }

  return {
    /** Built-in ones first, then the others as they were made. */
    definitions: async (): Promise<Attribute[]> => (await items()).map(({ attribute }) => attribute),
    async list(): Promise<Item[]> {
      const [all, running] = await Promise.all([items(), backfills.running()])
      return all.map((item) => ({ ...item, backfill: running.get(item.attribute.key) ?? null }))
    },
    /** Throws attribute.reserved, attribute.type, attribute.choices, attribute.not_stated, conflict.exists. */
    async create(attribute: Attribute, by: string): Promise<void> {
      checkAttribute(attribute)
      checkSensitivity(attribute)
      if (await model.exists({ _id: attribute.key }))
        throw new AppError('conflict.exists', { status: 409, params: { name: attribute.key } })
      await mustBeFree(attribute)
      await write(attribute, 0, by)
      await changed(attribute, null)
    },
    /** Throws not_found, conflict.changed and what `create` throws. */
    async update(key: string, version: number, wanted: Omit<Attribute, 'key'>, by: string): Promise<void> {
      const { attribute: before, version: stands } = await itemOf(key)
      if (stands !== version) throw new AppError('conflict.changed', { status: 409 })
      const { name, nameEn, sensitivity, sources } = wanted
      const attribute = builtInKeys.has(key)
        ? { ...before, name, ...(nameEn === undefined ? {} : { nameEn }), sensitivity, sources }
        : { ...wanted, key }
      if (!builtInKeys.has(key)) checkAttribute(attribute)
      checkSensitivity(attribute)
      await mustBeFree(attribute)
      await write(attribute, version, by)
      await changed(attribute, before)
    },
    /** Throws not_found, attribute.built_in, attribute.in_use. */
    async remove(key: string): Promise<void> {
      const { attribute } = await itemOf(key)
      if (builtInKeys.has(key)) throw new AppError('attribute.built_in', { params: { name: attribute.name } })
      const [user] = await usersOf(key)
      if (user !== undefined)
        throw new AppError('attribute.in_use', { status: 409, params: { name: attribute.name, by: user } })
      await model.deleteOne({ _id: key })
      await backfills.forget(key)
      await recompute()
    },
    quality: { read: quality.read, want: quality.want },
    jobs: { 'attributes.backfill': backfills.run, 'attributes.quality': quality.run },
    sweeps: [backfills.sweep, quality.sweep],
  }
}
