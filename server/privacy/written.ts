import type { Connection } from 'mongoose'
import type { Certificate, NamedText } from '@zhiyin/shared/privacy'

type Mention = NonNullable<Certificate['named']>[number]

/** What people of the company write for others to read. */
export type Written = {
  readonly collection: string
  /** Its title first. */
  readonly fields: readonly [string, ...string[]]
  /** Also kept by WeCom, or known by its name: whoever looks after it changes it there and here. */
  readonly byHand?: true
  /** Where versions are kept, what they are versions of, and which of its versions are in use. */
  readonly of?: { readonly collection: string; readonly inUse: readonly ('version' | 'live' | 'approved.version')[] }
}

/** A room that comes to hold such texts is put in here. Versions stand before what they are versions of. */
export const written: readonly Written[] = [
  {
    collection: 'contentversions',
    fields: ['name', 'body', 'variants'],
    of: { collection: 'contents', inUse: ['version', 'approved.version'] },
  },
  { collection: 'contents', fields: ['name', 'body', 'variants'] },
  {
    collection: 'ruleversions',
    fields: ['name', 'steps', 'recall'],
    of: { collection: 'rules', inUse: ['version', 'live'] },
  },
  { collection: 'rules', fields: ['name', 'steps', 'recall'] },
  { collection: 'talktracks', fields: ['title', 'text'] },
  { collection: 'broadcasts', fields: ['name', 'content'] },
  { collection: 'grouppushes', fields: ['content', 'plan'] },
  { collection: 'pushplans', fields: ['name', 'items'] },
  { collection: 'segments', fields: ['name', 'note'], byHand: true },
  { collection: 'groupwelcomes', fields: ['name', 'text'], byHand: true },
  { collection: 'groupjoinways', fields: ['name', 'baseName'], byHand: true },
  { collection: 'channels', fields: ['name', 'remark'], byHand: true },
  { collection: 'couponbatches', fields: ['name'], byHand: true },
  { collection: 'media', fields: ['name'], byHand: true },
]

/** Says what texts that certificates name are called today; null where one is gone. */
export const createTitles =
  (connection: Connection) =>
  async (mentions: readonly Mention[]): Promise<(mention: Mention) => NamedText> => {
    const titles = new Map<string, string>()
    for (const { collection, fields, of } of written) {
      const ids = mentions.flatMap(({ where, id }) => (where === collection ? [id] : []))
      if (of !== undefined || ids.length === 0) continue
      const [title] = fields
      const docs = connection.collection<{ _id: string }>(collection)
      for await (const doc of docs.find({ _id: { $in: [...new Set(ids)] } }, { projection: { [title]: 1 } }))
        titles.set(`${collection}:${doc._id}`, String(Reflect.get(doc, title)))
    }
    return (one) => ({ ...one, title: titles.get(`${one.where}:${one.id}`) ?? null })
  }

export type Titles = ReturnType<typeof createTitles>
