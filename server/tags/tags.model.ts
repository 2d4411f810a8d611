import { Schema, type Connection, type Model } from 'mongoose'

/** A change made here that WeCom does not have yet. `at` settles who was first when it was changed there too. */
export type Wish = { op: 'create' | 'edit' | 'delete'; at: Date; tries: number }
/** Both sides changed the same; the later one was kept, and a person is shown it. */
export type Conflict = { ours: string; theirs: string; kept: 'ours' | 'theirs'; at: Date }
/** What WeCom last said of it. */
export type Told = { name: string; order: number }

/** What tags and their groups have in common. */
export type Shared = {
  _id: string
  name: string
  /** The larger shows first, as in WeCom. */
  order: number
  wecomId: string | null
  deleted: boolean
  told: Told | null
  wish: Wish | null
  conflict: Conflict | null
  /** When something is to be done in WeCom, or on customers; absent when nothing is. */
  nextAt?: Date
}

export type TagDoc = Shared & {
  /** The group's name. */
  group: string
  /** Why it is ours alone: WeCom has as many as it takes, or refused it (its words in `refusal`). */
  why: 'limit' | 'refused' | null
  refusal: string | null
  /** A deleted tag is taken off customers in the order of their ids; '' at the beginning, null when done. */
  clearAfter: string | null
  /** When it goes off by itself; absent or null: never. */
  expiry?: { days: number } | { at: Date } | null
}
export type GroupDoc = Shared & {
  /** One of its tags at a time is on a customer. */
  exclusive?: boolean
}

const mixed = { type: Schema.Types.Mixed, default: null }
const shared = {
  _id: { type: String, required: true },
  name: { type: String, required: true },
  order: { type: Number, default: 0 },
  wecomId: { type: String, default: null },
  deleted: { type: Boolean, required: true },
  told: mixed,
  wish: mixed,
  conflict: mixed,
  nextAt: { type: Date },
} as const

const tagSchema = new Schema<TagDoc>(
  {
    ...shared,
    group: { type: String, required: true },
    why: { type: String, default: null },
    refusal: { type: String, default: null },
    clearAfter: { type: String, default: null },
    expiry: mixed,
  },
  { collection: 'tags', versionKey: false },
)
const groupSchema = new Schema<GroupDoc>(
  { ...shared, exclusive: { type: Boolean } },
  { collection: 'taggroups', versionKey: false },
)

const oneOfWecom = { unique: true, partialFilterExpression: { wecomId: { $type: 'string' } } } as const
const working = { partialFilterExpression: { nextAt: { $exists: true } } } as const
// byWecomIds: tags that came with a customer; one of ours per tag of WeCom
tagSchema.index({ wecomId: 1 }, oneOfWecom)
groupSchema.index({ wecomId: 1 }, oneOfWecom)
// list, and create: whether the name is there
tagSchema.index({ group: 1, name: 1 })
groupSchema.index({ name: 1 })
// the sweep: what is still to be done
tagSchema.index({ nextAt: 1 }, working)
groupSchema.index({ nextAt: 1 }, working)

export const tagsModel = (connection: Connection): Model<TagDoc> => connection.model<TagDoc>('Tag', tagSchema)
export const groupsModel = (connection: Connection): Model<GroupDoc> =>
  connection.model<GroupDoc>('TagGroup', groupSchema)
