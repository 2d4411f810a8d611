import { Schema, type Connection, type Model } from 'mongoose'
import type { PushPlan, PushSchedule } from '@zhiyin/shared/api/push-plans'

export type PushPlanDoc = {
  _id: string
  key: string
  contentId: string
  content: string
  groupIds: string[]
  schedule: PushSchedule
  on: boolean
  /** When the next occurrence goes; absent when none is to come or the plan is off. */
  nextAt?: Date
  /** Which occurrence that is: its local date and time. */
  next: string | null
  lastAt: Date | null
  problem: PushPlan['problem']
  createdAt: Date
}

const schema = new Schema<PushPlanDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    contentId: { type: String, required: true },
    content: { type: String, required: true },
    groupIds: { type: [String], required: true },
    schedule: { type: Schema.Types.Mixed, required: true },
    on: { type: Boolean, required: true },
    nextAt: { type: Date },
    next: { type: String, default: null },
    lastAt: { type: Date, default: null },
    problem: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'pushplans', versionKey: false, minimize: false },
)
/** A repeated call is the same plan. */
schema.index({ key: 1 }, { unique: true })
/** The sweep: whose time has come. */
schema.index({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $exists: true } } })

export const pushPlanModel = (connection: Connection): Model<PushPlanDoc> =>
  connection.model<PushPlanDoc>('PushPlan', schema)
