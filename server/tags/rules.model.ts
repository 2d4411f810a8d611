import { Schema, type Connection, type Model } from 'mongoose'
import type { Condition } from '@zhiyin/shared/condition'

type Said = { name: string; tagId: string; condition: Condition }

/** A tag rule as it stands. */
export type TagRuleDoc = Said & {
  _id: string
  on: boolean
  version: number
  createdAt: Date
  updatedAt: Date
  updatedBy: string
}
/** What a rule said at a version; `_id` is rule and version. */
export type TagRuleVersionDoc = Said & { _id: string; ruleId: string; version: number; at: Date; by: string }

const said = {
  _id: { type: String, required: true },
  name: { type: String, required: true },
  tagId: { type: String, required: true },
  condition: { type: Schema.Types.Mixed, required: true },
  version: { type: Number, required: true },
} as const

const schema = new Schema<TagRuleDoc>(
  {
    ...said,
    on: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    updatedBy: { type: String, required: true },
  },
  { collection: 'tagRules', versionKey: false, minimize: false },
)
const versionSchema = new Schema<TagRuleVersionDoc>(
  {
    ...said,
    ruleId: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
  },
  { collection: 'tagRuleVersions', versionKey: false, minimize: false },
)
/** What a rule said before, newest first. */
versionSchema.index({ ruleId: 1, version: -1 })

export const tagRuleModel = (connection: Connection): Model<TagRuleDoc> =>
  connection.model<TagRuleDoc>('TagRule', schema)
export const tagRuleVersionModel = (connection: Connection): Model<TagRuleVersionDoc> =>
  connection.model<TagRuleVersionDoc>('TagRuleVersion', versionSchema)
