import type { ContentBody, ContentInput } from '@zhiyin/shared/content'
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
  /** Throws content.template with line and problem. */
  create(input: ContentInput, by: string): Promise<ContentItem>
  update(id: string, input: ContentInput, by: string): Promise<ContentItem>
  /** The tier's variant, else the default body, with the variables filled in; null when there is no such content. */
  render(contentId: string, tier: Tier, vars: Vars): Promise<ContentBody | null>
}

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
