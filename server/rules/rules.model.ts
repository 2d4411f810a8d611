import { Schema, type Connection, type Model } from 'mongoose'
import type { FactType } from '@zhiyin/shared/fact'
import type { Because } from '@zhiyin/shared/because'
import type { RuleInput, RuleStatus } from '@zhiyin/shared/rule'
import type { Review } from '@zhiyin/shared/rule-version'

/** A rule as it is being written: its newest version. */
export type RuleDoc = RuleInput & {
  _id: string
  version: number
  /** The version that takes customers in; null: none ever has. */
  live: number | null
  /** The facts by which runs of any version that was live may end or go on. */
  listens: FactType[]
  status: RuleStatus
  /** Schedules that are on: the next occurrence. */
  scheduleAt: Date | null
  updatedAt: Date
  updatedBy: string
  updatedById?: string
  /** Why it was paused, where it was not by a person. */
  pausedBecause?: Because | null
}

/** What a rule said at a version; runs under way finish on the one they entered. */
export type RuleVersionDoc = RuleInput & {
  _id: string
  ruleId: string
  version: number
  savedAt: Date
  savedBy: string
  savedById: string
  review?: Review
  askedById?: string
}

const fields = {
  name: { type: String, required: true },
  trigger: { type: Schema.Types.Mixed, required: true },
  condition: { type: Schema.Types.Mixed, required: true },
  steps: { type: Schema.Types.Mixed, required: true },
  goal: { type: Schema.Types.Mixed, default: null },
  exitOn: { type: [String], required: true },
  limits: { type: Schema.Types.Mixed, required: true },
  recall: { type: Schema.Types.Mixed, default: null },
  version: { type: Number, required: true },
} as const

const ruleSchema = new Schema<RuleDoc>(
  {
    _id: { type: String, required: true },
    ...fields,
    live: { type: Number, default: null },
    listens: { type: [String], required: true },
    status: { type: String, required: true },
    scheduleAt: { type: Date, default: null },
    updatedAt: { type: Date, required: true },
    updatedBy: { type: String, required: true },
    updatedById: { type: String },
    pausedBecause: { type: Schema.Types.Mixed },
  },
  { collection: 'rules', versionKey: false, minimize: false },
)
/** The rules that are on, for matching; and schedules whose time has come. */
ruleSchema.index({ status: 1, scheduleAt: 1 })

const versionSchema = new Schema<RuleVersionDoc>(
  {
    _id: { type: String, required: true },
    ruleId: { type: String, required: true },
    ...fields,
    savedAt: { type: Date, required: true },
    savedBy: { type: String, required: true },
    savedById: { type: String, required: true },
    review: { type: Schema.Types.Mixed },
    askedById: { type: String },
  },
  { collection: 'ruleversions', versionKey: false, minimize: false },
)
/** The versions of a rule, newest first; one alone is read by primary key (`ruleId:version`). */
versionSchema.index({ ruleId: 1, version: -1 })

export const ruleModel = (connection: Connection): Model<RuleDoc> => connection.model<RuleDoc>('Rule', ruleSchema)
export const ruleVersionModel = (connection: Connection): Model<RuleVersionDoc> =>
  connection.model<RuleVersionDoc>('RuleVersion', versionSchema)

/** One document that counts the changes of rules, so that a process knows with one look whether what it keeps still stands. */
export type RuleRevisionDoc = { _id: string; n: number }
const revisionSchema = new Schema<RuleRevisionDoc>(
  { _id: { type: String, required: true }, n: { type: Number, required: true } },
  { collection: 'rulerevisions', versionKey: false },
)
export const ruleRevisionModel = (connection: Connection): Model<RuleRevisionDoc> =>
  connection.model<RuleRevisionDoc>('RuleRevision', revisionSchema)
