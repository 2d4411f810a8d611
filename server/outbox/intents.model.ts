import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { ContentBody } from '@zhiyin/shared/content'
import type { DeliveryState, IntentChannel, IntentState } from '@zhiyin/shared/intent'

export type QuietHours = { from: string; to: string }

/** What wanted it: a rule's run and step, a group push, a person. */
export type Cause = {
  ruleId: string | null
  rule: string | null
  runId: string | null
  stepId: string | null
  pushId: string | null
}

export type HistoryEntry = { state: IntentState | DeliveryState; at: Date; because: Because[] }

/** One thing the product wants WeCom to do. MongoDB holds its whole life; nothing is sent that is not written here first. */
export type IntentDoc = {
  _id: string
  key: string
  channel: IntentChannel
  state: IntentState
  delivery: DeliveryState
  customerId: string | null
  externalUserId: string | null
  groupId: string | null
  chatId: string | null
  /** The rep who sends (mass, group_mass, welcome, mark_tag) or receives (app). */
  userid: string | null
  body: ContentBody | null
  tags: { add: string[]; remove: string[] } | null
  /** The welcome code; gone once it was used. */
  code: string | null
  /** Mass messages with the same text, sender and rule step go out as one. */
  batchKey: string | null
  cause: Cause
  quietHours: QuietHours | null
  /** Known at wanting already: why it cannot go. */
  refusal: Because | null
  because: Because[]
  history: HistoryEntry[]
  dueAt: Date
  expiresAt: Date
  /** When the outbox has to look at it next; absent when nothing is left to do. */
  lookAt?: Date
  claim: { id: string; at: Date } | null
  attempts: number
  msgid: string | null
  createdAt: Date
  settledAt: Date | null
}

const text = { type: String, default: null }
const mixed = { type: Schema.Types.Mixed, default: null }

const schema = new Schema<IntentDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    channel: { type: String, required: true },
    state: { type: String, required: true },
    delivery: { type: String, required: true },
    customerId: text,
    externalUserId: text,
    groupId: text,
    chatId: text,
    userid: text,
    body: mixed,
    tags: mixed,
    code: text,
    batchKey: text,
    cause: { type: Schema.Types.Mixed, required: true },
    quietHours: mixed,
    refusal: mixed,
    because: { type: Schema.Types.Mixed, required: true },
    history: { type: Schema.Types.Mixed, required: true },
    dueAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    lookAt: { type: Date },
    claim: mixed,
    attempts: { type: Number, required: true },
    msgid: text,
    createdAt: { type: Date, required: true },
    settledAt: { type: Date, default: null },
  },
  { collection: 'intents', versionKey: false, minimize: false },
)
const unfinished = { partialFilterExpression: { lookAt: { $exists: true } } }
/** One intent per cause; the intents of a run, whose keys begin with its id. */
schema.index({ key: 1 }, { unique: true })
/** What is due: to permit, to claim, to reconcile, to tell. Settled intents are not in it. */
schema.index({ state: 1, lookAt: 1 }, unfinished)
/** Lost answers that a person has to look at. */
schema.index({ state: 1, _id: 1 }, { partialFilterExpression: { state: 'unsure' } })
/** The receivers of a mass message whose result has come. */
schema.index({ msgid: 1, delivery: 1 }, { partialFilterExpression: { msgid: { $type: 'string' } } })
/** A customer's sends, newest first. */
schema.index({ customerId: 1, _id: -1 })
/** A rep's sends, newest first. */
schema.index({ userid: 1, _id: -1 })
/** A rule's sends, newest first; a paused rule takes back what has not gone yet. */
schema.index({ 'cause.ruleId': 1, _id: -1 })
/** The sends of one group push. */
schema.index({ 'cause.pushId': 1 }, { partialFilterExpression: { 'cause.pushId': { $type: 'string' } } })

export const intentModel = (connection: Connection): Model<IntentDoc> => connection.model<IntentDoc>('Intent', schema)

/** The same collection without Mongoose's casting, for the writes that every send costs. */
export const intentCollection = (connection: Connection) => {
  intentModel(connection)
  return connection.collection<IntentDoc>('intents')
}
