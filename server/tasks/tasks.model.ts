import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { Task } from '@zhiyin/shared/api/tasks'

export type TaskDoc = {
  _id: string
  /** Its whole identity: making it twice makes one. */
  key: string
  kind: Task['kind']
  title: string
  userid: string
  /** Whom it is about; one mass message to confirm is about all its receivers. */
  customerIds: string[]
  /** Whose it was before they became part of this customer. */
  of?: string
  state: Task['state']
  dueAt: Date | null
  /** dueAt, or the far future: the order of lists. */
  orderAt: Date
  createdAt: Date
  closedAt: Date | null
  /** Its fact is not in the timeline yet. */
  untold: boolean
  /** When its card in WeCom has to be looked at: to send it, or to change it once the task has ended. */
  cardAt?: Date
  /** The card that stands in WeCom unanswered, to whom it went and as which send. */
  card?: { id: string; intentId: string; userid: string }
  /** How often it was put off by its card. */
  round?: number
  because: Because[]
}

const schema = new Schema<TaskDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    kind: { type: String, required: true },
    title: { type: String, required: true },
    userid: { type: String, required: true },
    customerIds: { type: [String], required: true },
    of: { type: String },
    state: { type: String, required: true },
    dueAt: { type: Date, default: null },
    orderAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    closedAt: { type: Date, default: null },
    untold: { type: Boolean, required: true },
    cardAt: { type: Date },
    card: { type: Schema.Types.Mixed },
    round: { type: Number },
    because: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'tasks', versionKey: false, minimize: false },
)
/** One task per key. */
schema.index({ key: 1 }, { unique: true })
/** A rep's open tasks, soonest due first. */
schema.index({ userid: 1, state: 1, orderAt: 1, _id: 1 })
/** A manager's list of everybody's. */
schema.index({ state: 1, orderAt: 1, _id: 1 })
/** A customer's tasks in the sidebar. */
schema.index({ customerIds: 1, state: 1, orderAt: 1, _id: 1 })
/** The sweep: tasks whose fact has not been appended. */
schema.index({ untold: 1, createdAt: 1 }, { partialFilterExpression: { untold: true } })

/** The sweep: whose card is due. */
schema.index({ cardAt: 1 }, { partialFilterExpression: { cardAt: { $exists: true } } })

export const taskModel = (connection: Connection): Model<TaskDoc> => connection.model<TaskDoc>('Task', schema)
