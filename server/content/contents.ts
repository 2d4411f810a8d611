import { isDeepStrictEqual } from 'node:util'
import { assetIdsOf, type ContentInput } from '@zhiyin/shared/content'
import type { Attribute } from '@zhiyin/shared/attribute'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { createApproval } from './approval.ts'
import { bodiesOf, checkTemplates } from './check.ts'
import { contentModel, versionId, versionModel, type ContentDoc, type Wording } from './contents.model.ts'
import { itemOf, stateOf, versionOf, type ContentItem } from './item.ts'
import type { CouponOf } from './render.ts'
import { createSendable } from './sendable.ts'
import { upgradeContents } from './upgrade.ts'
import { createCatalog } from './variables.ts'

/** What is written of a content; what is left out stays at its default. */
export type Writing = Pick<ContentInput, 'name' | 'body' | 'variants'> &
  Partial<Pick<ContentInput, 'folder' | 'couponId' | 'expiresAt'>>

/** The files of an item's default body and its variants. */
export const assetsIn = (input: Parameters<typeof bodiesOf>[0]): string[] => [
  ...new Set(bodiesOf(input).flatMap(({ body }) => assetIdsOf(body))),
]

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  zone?: string
  /** The attributes that can be named; the built-in ones where nothing else is said. */
  attributes?: () => Promise<readonly Attribute[]>
  couponOf?: CouponOf
}

/** The content library: items with a default body and variants, every version of them, and what of it may be sent. */
export const createContents = ({
  mongo,
  clock,
  newId,
  zone = 'Asia/Shanghai',
  attributes = async () => builtInAttributes,
  couponOf = async () => null,
}: Deps) => {
  const model = contentModel(mongo.connection)
  const versions = versionModel(mongo.connection)
  const settings = createApproval({ mongo, clock })
  const catalog = createCatalog(attributes)
  const approval = async () => (await settings.get()).approval
  const find = async (ids: readonly string[]): Promise<ContentItem[]> =>
    (await model.find({ _id: { $in: [...ids] } }).lean()).map(itemOf)
  const wordingOf = (contentId: string, version: number) => versions.findById(versionId(contentId, version)).lean()
  const sendable = createSendable({
    clock,
    zone,
    catalog,
    couponOf,
    approval,
    wordingOf,
    load: async (id) => (await find([id]))[0] ?? null,
  })

  const docOf = async (id: string): Promise<ContentDoc> => {
    const doc = await model.findById(id).lean()
    if (doc === null) throw notFound('content', id)
    return doc
  }
  const wording = ({
    name,
    body,
    variants,
    couponId = null,
  }: Omit<Wording, 'couponId'> & Partial<Wording>): Wording => ({
    name,
    body,
    variants,
    couponId,
  })
  const keep = async (doc: ContentDoc): Promise<void> => {
    const { _id, version, updatedAt: at, updatedBy: by, writerId: byId } = doc
    const fields = { contentId: _id, version, ...wording(doc), at, by, byId, approved: null }
    await versions.updateOne({ _id: versionId(_id, version) }, { $setOnInsert: fields }, { upsert: true })
  }
  const placed = ({ folder = '', expiresAt = null }: Writing) => ({
    folder,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  })

  /** What is sent becomes a new version; somebody else who wrote one meanwhile is not written over. */
  const change = async (
    doc: ContentDoc,
    next: Wording,
    { by, byId }: { by: string; byId: string },
    rest: Partial<Pick<ContentDoc, 'folder' | 'expiresAt'>>,
  ): Promise<ContentItem> => {
    const same = isDeepStrictEqual(wording(doc), next)
    const changed: ContentDoc = same
      ? { ...doc, ...rest }
      : {
          ...doc,
          ...rest,
          ...next,
          version: doc.version + 1,
          updatedAt: clock.date(),
          updatedBy: by,
          writerId: byId,
        }
    const { _id, ...fields } = changed
    // The one before stands too where a process died between the two writes of its own change.
    await keep(doc)
    const { matchedCount } = await model.updateOne({ _id, version: doc.version }, { $set: fields })
    if (matchedCount === 0) throw new AppError('conflict.changed', { status: 409 })
    await keep(changed)
    sendable.forget(_id)
    return itemOf(changed)
  }

  return {
    list: async (): Promise<ContentItem[]> =>
      (await model.find().sort({ updatedAt: -1, _id: -1 }).limit(1000).lean()).map(itemOf),
    /** Throws not_found. */
    get: async (id: string): Promise<ContentItem> => itemOf(await docOf(id)),
    find,
    /** The files these contents may send, of every variant. */
    assetsOf: async (ids: readonly string[]): Promise<string[]> => [
      ...new Set((ids.length === 0 ? [] : await find(ids)).flatMap(assetsIn)),
    ],
    /** Contents that use a file. */
    using: async (assetId: string): Promise<ContentItem[]> =>
      (
        await model
          .find({ $or: [{ 'body.attachments.assetId': assetId }, { 'variants.body.attachments.assetId': assetId }] })
          .lean()
      ).map(itemOf),
    catalog,
    settings,
    stateOf: async (items: readonly ContentItem[]) => {
      const needed = await approval()
      return items.map((item) => ({ item, state: stateOf(item, needed, clock.date()) }))
    },

    /** `by` is the name that is shown, `byId` tells two of one name apart. Throws content.* saying what is wrong and on which line. */
    async create(input: Writing, by: string, byId: string = by, id = newId('content')): Promise<ContentItem> {
      checkTemplates(input, await catalog())
      const at = clock.date()
      const doc: ContentDoc = {
        _id: id,
        ...wording(input),
        ...placed(input),
        version: 1,
        approved: null,
        updatedAt: at,
        updatedBy: by,
        writerId: byId,
      }
      await model.create(doc)
      await keep(doc)
      return itemOf(doc)
    },
    /** Throws content.*, not_found, conflict.changed. */
    async update(id: string, input: Writing, by: string, byId: string = by): Promise<ContentItem> {
      checkTemplates(input, await catalog())
      return change(await docOf(id), wording(input), { by, byId }, placed(input))
    },
    /** Newest first, at most 200. */
    versions: async (id: string) =>
      (await versions.find({ contentId: id }).sort({ version: -1 }).limit(200).lean()).map(versionOf),
    /** Throws not_found, content.* where it cannot be sent any more. */
    async rollBack(id: string, version: number, by: string, byId: string = by): Promise<ContentItem> {
      const [doc, old] = [await docOf(id), await wordingOf(id, version)]
      if (old === null) throw notFound('content', `${id} v${version}`)
      const next = wording(old)
      checkTemplates(next, await catalog())
      return change(doc, next, { by, byId }, {})
    },
    /** Throws content.own_approval to who wrote it, conflict.changed where there is a newer version. */
    async approve(id: string, version: number, by: string, byId: string = by): Promise<ContentItem> {
      const doc = await docOf(id)
      if (doc.version !== version) throw new AppError('conflict.changed', { status: 409 })
      if (doc.writerId === byId) throw new AppError('content.own_approval', { status: 403 })
      const seal = { by, byId, at: clock.date() }
      const approved = { ...seal, version }
      const { matchedCount } = await model.updateOne({ _id: id, version }, { $set: { approved } })
      if (matchedCount === 0) throw new AppError('conflict.changed', { status: 409 })
      await versions.updateOne({ _id: versionId(id, version) }, { $set: { approved: seal } })
      sendable.forget(id)
      return itemOf({ ...doc, approved })
    },

    render: sendable.render,
    refusal: sendable.refusal,
    admit: sendable.admit,
    upgrade: () => upgradeContents(mongo),
  }
}

export type Contents = ReturnType<typeof createContents>
