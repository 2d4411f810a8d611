import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { SendDays } from '@zhiyin/shared/intent'
import type { Tier } from '@zhiyin/shared/tier'
import type { GroupDoc } from './groups.model.ts'

/** A content that went to groups, or a turn of a plan that went to nobody. */
export type PushDoc = {
  _id: string
  /** The call, or the turn of the plan's item: the same is never pushed twice, and never both pushed and skipped. */
  key: string
  contentId: string
  content: string
  /** When it was made. */
  at: Date
  /** When it was to go. */
  dueAt: Date
  /** `days`: the days its messages may go out on; absent: any. */
  plan: { id: string; name: string; itemId: string; onlyVariants: boolean; days?: SendDays } | null
  skipped: Because | null
  groups: { id: string; name: string; tier: Tier; kind: GroupDoc['kind'] }[]
}

const schema = new Schema<PushDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    contentId: { type: String, required: true },
    content: { type: String, required: true },
    at: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    plan: { type: Schema.Types.Mixed, default: null },
    skipped: { type: Schema.Types.Mixed, default: null },
    groups: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'grouppushes', versionKey: false, minimize: false },
)
/** A repeated call is the same push. */
schema.index({ key: 1 }, { unique: true })
/** The calendar, and the list, newest first. */
schema.index({ dueAt: -1, _id: -1 })
/** The pushes of one plan, newest first. */
schema.index({ 'plan.id': 1, dueAt: -1, _id: -1 }, { partialFilterExpression: { 'plan.id': { $type: 'string' } } })

export const pushModel = (connection: Connection): Model<PushDoc> => connection.model<PushDoc>('GroupPush', schema)
