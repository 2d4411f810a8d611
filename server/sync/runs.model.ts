import { Schema, type Connection, type Model } from 'mongoose'
import { syncCauses, syncKinds, syncParts, type SyncCause, type SyncKind, type SyncPart } from '@zhiyin/shared/api/sync'

/** One comparison with WeCom's lists, with the place it has reached: after a crash it goes on from there. */
export type RunDoc = {
  _id: string
  kind: SyncKind
  cause: SyncCause
  /** A person has said that many holds may end. */
  force: boolean
  state: 'running' | 'done' | 'paused'
  /** While it runs; there is one such run at most. */
  running?: true
  part: SyncPart
  /** How far the part has come; null: at its beginning. */
  place: string | null
  /** Who holds customers, by userid; read once when the members are. */
  reps: string[]
  members: number
  customers: number
  groups: number
  suspects: number
  expected: number | null
  /** When the walk over customers began, and how many it had seen by then. */
  walkedFrom: Date | null
  lease: { id: string; until: Date } | null
  /** Failures in a row. */
  failures: number
  error: string | null
  brake: { missing: number; held: number } | null
  /** When the next step is due; absent when nothing is left to do. */
  nextAt?: Date
  startedAt: Date
  finishedAt: Date | null
}

const mixed = { type: Schema.Types.Mixed, default: null }

const schema = new Schema<RunDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: syncKinds, required: true },
    cause: { type: String, enum: syncCauses, required: true },
    force: { type: Boolean, required: true },
    state: { type: String, required: true },
    running: { type: Boolean },
    part: { type: String, enum: syncParts, required: true },
    place: { type: String, default: null },
    reps: { type: [String], required: true },
    members: { type: Number, required: true },
    customers: { type: Number, required: true },
    groups: { type: Number, required: true },
    suspects: { type: Number, required: true },
    expected: { type: Number, default: null },
    walkedFrom: { type: Date, default: null },
    lease: mixed,
    failures: { type: Number, required: true },
    error: { type: String, default: null },
    brake: mixed,
    nextAt: { type: Date },
    startedAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
  },
  { collection: 'syncruns', versionKey: false },
)
/** One run at a time, whoever starts it. */
schema.index({ running: 1 }, { unique: true, partialFilterExpression: { running: true } })
/** The latest of each kind. */
schema.index({ kind: 1, state: 1, _id: -1 })

export const runModel = (connection: Connection): Model<RunDoc> => connection.model<RunDoc>('SyncRun', schema)

/** A rep whose customers have been walked, and how many there were. */
export type WalkedDoc = { _id: string; pairs: number; at: Date }
const walkedSchema = new Schema<WalkedDoc>(
  {
    _id: { type: String, required: true },
    pairs: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'syncwalked', versionKey: false },
)
export const walkedModel = (connection: Connection): Model<WalkedDoc> =>
  connection.model<WalkedDoc>('SyncWalked', walkedSchema)

/** When the next runs are due; one record for all processes. */
export type PlanDoc = { _id: 'plan'; lightAt: Date; fullAt: Date }
const planSchema = new Schema<PlanDoc>(
  {
    _id: { type: String, required: true },
    lightAt: { type: Date, required: true },
    fullAt: { type: Date, required: true },
  },
  { collection: 'syncplan', versionKey: false },
)
export const planModel = (connection: Connection): Model<PlanDoc> => connection.model<PlanDoc>('SyncPlan', planSchema)
