import { assetIdsOf, type ContentBody, type ContentInput } from '@zhiyin/shared/content'
import { tiers, type Tier } from '@zhiyin/shared/tier'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { contentModel } from './contents.model.ts'
import { itemOf, type ContentItem } from './item.ts'
import { createRender } from './render.ts'
import { checkTemplates } from './check.ts'
import type { Vars } from './vars.ts'

export type Contents = {
  list(): Promise<ContentItem[]>
  /** Throws not_found. */
  get(id: string): Promise<ContentItem>
  find(ids: readonly string[]): Promise<ContentItem[]>
  /** The files these contents may send, of every variant. */
  assetsOf(ids: readonly string[]): Promise<string[]>
  /** Contents that use a file. */
  using(assetId: string): Promise<ContentItem[]>
  /** Throws content.template with line and problem. */
  create(input: ContentInput, by: string): Promise<ContentItem>
  update(id: string, input: ContentInput, by: string): Promise<ContentItem>
  /** The tier's variant, else the default body, with the variables filled in; null when there is no such content. */
  render(contentId: string, tier: Tier, vars: Vars): Promise<ContentBody | null>
}

const bodyPaths = ['body', ...tiers.map((tier) => `variants.${tier}`)]

/** The files of an item's default body and its variants. */
export const assetsIn = ({ body, variants }: Pick<ContentInput, 'body' | 'variants'>): string[] => [
  ...new Set([body, ...Object.values(variants)].flatMap((each) => (each === undefined ? [] : assetIdsOf(each)))),
]

/** The content library: items with a default body and a variant per tier. */
export const createContents = ({ mongo, clock, newId }: { mongo: Mongo; clock: Clock; newId: NewId }): Contents => {
  const model = contentModel(mongo.connection)
  const find = async (ids: readonly string[]): Promise<ContentItem[]> =>
    (await model.find({ _id: { $in: [...ids] } }).lean()).map(itemOf)
  const renderer = createRender({ clock, load: async (id) => (await find([id]))[0] ?? null })

  const fieldsOf = (input: ContentInput, by: string) => {
    checkTemplates(input)
    const variants = Object.fromEntries(
      tiers.flatMap((tier) => (input.variants[tier] === undefined ? [] : [[tier, input.variants[tier]]])),
    )
    return { name: input.name, body: input.body, variants, updatedAt: clock.date(), updatedBy: by }
  }

  return {
    list: async () => (await model.find().sort({ updatedAt: -1 }).limit(1000).lean()).map(itemOf),
    async get(id) {
      const [item] = await find([id])
      if (item === undefined) throw notFound('content', id)
      return item
    },
    find,
    assetsOf: async (ids) => [...new Set((ids.length === 0 ? [] : await find(ids)).flatMap(assetsIn))],
    async using(assetId) {
      const uses = bodyPaths.map((path) => ({ [`${path}.attachments.assetId`]: assetId }))
      return (await model.find({ $or: uses }).lean()).map(itemOf)
    },
    async create(input, by) {
      const doc = { _id: newId('content'), ...fieldsOf(input, by) }
      await model.create(doc)
      return itemOf(doc)
    },
    async update(id, input, by) {
      const doc = await model
        .findOneAndUpdate({ _id: id }, { $set: fieldsOf(input, by) }, { returnDocument: 'after' })
        .lean()
      if (doc === null) throw notFound('content', id)
      renderer.forget(id)
      return itemOf(doc)
    },
    render: renderer.render,
  }
}
