import { Schema, type Connection } from 'mongoose'

/** A tag definition. `wecomId` once it stands in WeCom (企业标签) too. A tag deleted in WeCom stays, so that histories can name it. */
export type TagDoc = {
  _id: string
  name: string
  group: string
  wecomId: string | null
  deleted: boolean
}

const schema = new Schema<TagDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    group: { type: String, required: true },
    wecomId: { type: String, default: null },
    deleted: { type: Boolean, required: true },
  },
  { collection: 'tags', versionKey: false },
)

// byWecomIds: tags that came with a customer; one of ours per tag of WeCom
schema.index({ wecomId: 1 }, { unique: true, partialFilterExpression: { wecomId: { $type: 'string' } } })
// list, and create: whether the name is there
schema.index({ group: 1, name: 1 })

export const tagsModel = (connection: Connection) => connection.model('Tag', schema)
