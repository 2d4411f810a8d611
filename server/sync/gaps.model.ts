import { Schema, type Connection, type Model } from 'mongoose'
import { gapKinds, type GapKind } from '@zhiyin/shared/api/sync'

/** What a difference is about, in WeCom's ids. */
export type Subject = { userid?: string; externalUserId?: string; chatId?: string; tagId?: string }

export type GapDoc = {
  _id: string
  /** Kind and subject; open only once at a time. */
  key: string
  open?: true
  kind: GapKind
  subject: Subject
  /** `suspected`: the two differ, and it may only be that a callback is on its way; looked at again before it counts. */
  state: 'suspected' | 'found' | 'repaired' | 'failed'
  runId: string
  /** When it has to be looked at; absent when it is over. */
  checkAt?: Date
  foundAt: Date
  repairedAt: Date | null
  inboxId: string | null
}

const schema = new Schema<GapDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    open: { type: Boolean },
    kind: { type: String, enum: gapKinds, required: true },
    subject: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true },
    runId: { type: String, required: true },
    checkAt: { type: Date },
    foundAt: { type: Date, required: true },
    repairedAt: { type: Date, default: null },
    inboxId: { type: String, default: null },
  },
  { collection: 'syncgaps', versionKey: false },
)
/** The same difference is noted once while it is open. */
schema.index({ key: 1 }, { unique: true, partialFilterExpression: { open: true } })
/** The sweep: what has to be looked at. */
schema.index({ checkAt: 1 }, { partialFilterExpression: { checkAt: { $exists: true } } })
/** What of a run is still open. */
schema.index({ runId: 1 }, { partialFilterExpression: { open: true } })
/** The counts of a day and a month. */
schema.index({ foundAt: -1 })
/** The list of one kind, newest first (ids sort by time). */
schema.index({ kind: 1, _id: -1 })

/** The same collection without Mongoose's casting. */
export const gapCollection = (connection: Connection) => {
  gapModel(connection)
  return connection.collection<GapDoc>('syncgaps')
}

export const gapModel = (connection: Connection): Model<GapDoc> => connection.model<GapDoc>('SyncGap', schema)
