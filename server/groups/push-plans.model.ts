import { Schema, type Connection, type Model } from 'mongoose'
import type { PushAudience, PushSchedule } from '@zhiyin/shared/push-plan'

/** A line of a plan: what a person wrote, and how far it has come. */
export type PushItemDoc = {
  id: string
  contentId: string
  content: string
  audience: PushAudience
  schedule: PushSchedule
  until: string | null
  onlyVariants: boolean
  /** Its turns count from then on. */
  since: Date
  /** The name of the last turn that went or was skipped. */
  handled: string | null
  nextAt: Date | null
  lastAt: Date | null
  problem: 'content' | null
}

/** The whole plan is one record, so that a change, a pause and a turn that goes are each one write. */
export type PushPlanDoc = {
  _id: string
  key: string
  name: string
  on: boolean
  /** Since when it has rested; null while it is on or before it was ever on. */
  pausedAt: Date | null
  lateHours: number
  items: PushItemDoc[]
  /** Grows with each write. `edits`: with each change by a person. */
  rev: number
  edits: number
  /** When the sweep has to look; absent while nothing is to come. */
  lookAt?: Date
  createdAt: Date
  changedAt: Date
  changedBy: string
}

const schema = new Schema<PushPlanDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    name: { type: String, required: true },
    on: { type: Boolean, required: true },
    pausedAt: { type: Date, default: null },
    lateHours: { type: Number, required: true },
    items: { type: Schema.Types.Mixed, required: true },
    rev: { type: Number, required: true },
    edits: { type: Number, required: true },
    lookAt: { type: Date },
    createdAt: { type: Date, required: true },
    changedAt: { type: Date, required: true },
    changedBy: { type: String, required: true },
  },
  { collection: 'pushplans', versionKey: false, minimize: false },
)
/** A repeated call is the same plan. */
schema.index({ key: 1 }, { unique: true })
/** The sweep: whose time has come. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })

export const pushPlanModel = (connection: Connection): Model<PushPlanDoc> =>
  connection.model<PushPlanDoc>('PushPlan', schema)
