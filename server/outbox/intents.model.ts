import { Schema, type Connection, type Model } from 'mongoose'
import type { AppMessage } from '@zhiyin/shared/app-message'
import type { Because } from '@zhiyin/shared/because'
import type { ContentBody } from '@zhiyin/shared/content'
import type {
  DeliveryState,
  Fallback,
  IntentChannel,
  IntentState,
  LossGround,
  LossPolicy,
  SendDays,
} from '@zhiyin/shared/intent'
import type { RobotMessage } from '@zhiyin/shared/robot'
import type { AppSent } from '../wecom/types.ts'

export type QuietHours = { from: string; to: string }

/** What wanted it: a rule's run and step, a group push, a broadcast, a person. */
export type Cause = {
  ruleId: string | null
  rule: string | null
  runId: string | null
  stepId: string | null
  pushId: string | null
  broadcastId?: string
  broadcast?: string
}

/** What may come after a mass message nobody confirmed. `other`: who would be asked, and their words. */
export type IntentFallback = {
  other: { userid: string; body: ContentBody } | null
  /** The step's own choice; null: the company's. */
  choice: Fallback | null
}

/** Whom a send made way for, and why; `to` null: what others sent without us. */
export type LostTo = {
  to: string | null
  name: string
  ruleId: string | null
  broadcastId: string | null
  by: LossGround
  policy: LossPolicy
  at: Date
}

/** What goes along in a message: another send to the same customer by the same rep. */
export type Carried = { id: string; name: string; body: ContentBody }

export type HistoryEntry = { state: IntentState | DeliveryState; at: Date; because: Because[] }

/** How far a robot has come with a message of several parts. What was begun and not done was asked for, and nobody knows whether it stands. */
export type Progress = { of: number; begun: number; done: number; lost: number[] }

/** One thing the product wants WeCom to do. MongoDB holds its whole life; nothing is sent that is not written here first. */
export type IntentDoc = {
  _id: string
  key: string
  channel: IntentChannel
  state: IntentState
  delivery: DeliveryState
  customerId: string | null
  /** Whose it was before they became part of this customer. */
  of?: string
  externalUserId: string | null
  groupId: string | null
  chatId: string | null
  /** The rep who sends (mass, group_mass, welcome, mark_tag) or receives (app). */
  userid: string | null
  body: ContentBody | null
  /** The content it comes from, and which of its variants this receiver gets; absent: it comes from none. */
  contentId?: string
  variant?: string
  /** robot: what it says, where that is more than a body. */
  robot?: RobotMessage
  /** robot: messages of several parts. */
  progress?: Progress
  /** app: what it says or changes, where that is more than a body. */
  app?: AppMessage
  /** app: its receivers, where they are several. */
  userids?: string[]
  /** app: what WeCom took, for updating and recalling it. */
  answers?: AppSent[]
  tags: { add: string[]; remove: string[] } | null
  /** The welcome code; gone once it was used. */
  code: string | null
  /** Mass messages with the same text, sender and rule step go out as one. */
  batchKey: string | null
  cause: Cause
  quietHours: QuietHours | null
  /** 0 to 100, and minor units: who goes first where there is not room for all. Absent: 50 and 0. */
  priority?: number
  expectedValue?: number
  /** What becomes of it where there is no room; absent: it waits. */
  onLoss?: LossPolicy
  /** The days it may go out on; absent: any. */
  days?: SendDays
  /** Whom it made way for last. */
  lost?: LostTo
  /** The send in whose message it goes along. It is permitted, is never called for by itself, and ends as that one does. */
  along?: string
  /** What goes along in its message. */
  carries?: Carried[]
  /** Known at wanting already: why it cannot go. */
  refusal: Because | null
  because: Because[]
  history: HistoryEntry[]
  dueAt: Date
  expiresAt: Date
  /** Why it is not sent after that; absent: its time limit. */
  overBecause?: Because
  /** When the outbox has to look at it next; absent when nothing is left to do. */
  lookAt?: Date
  claim: { id: string; at: Date } | null
  attempts: number
  msgid: string | null
  fallback?: IntentFallback
  /** The intent nobody confirmed, for which this one comes; it has no fallback of its own. */
  fallbackOf?: string
  /** Nobody wants it any more, but it had gone out to WeCom: taken back there as soon as everybody in its message is. */
  withdrawn?: Because
  createdAt: Date
  settledAt: Date | null
  /** Of a mass message: when it reached its receiver, or was found not to. */
  endedAt?: Date
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
    of: { type: String },
    externalUserId: text,
    groupId: text,
    chatId: text,
    userid: text,
    body: mixed,
    contentId: { type: String },
    variant: { type: String },
    robot: { type: Schema.Types.Mixed },
    progress: { type: Schema.Types.Mixed },
    app: { type: Schema.Types.Mixed },
    userids: { type: [String], default: undefined },
    answers: { type: Schema.Types.Mixed },
    tags: mixed,
    code: text,
    batchKey: text,
    cause: { type: Schema.Types.Mixed, required: true },
    quietHours: mixed,
    priority: { type: Number },
    expectedValue: { type: Number },
    onLoss: { type: String },
    days: { type: String },
    lost: { type: Schema.Types.Mixed },
    along: { type: String },
    carries: { type: Schema.Types.Mixed },
    refusal: mixed,
    because: { type: Schema.Types.Mixed, required: true },
    history: { type: Schema.Types.Mixed, required: true },
    dueAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    overBecause: { type: Schema.Types.Mixed },
    lookAt: { type: Date },
    claim: mixed,
    attempts: { type: Number, required: true },
    msgid: text,
    fallback: { type: Schema.Types.Mixed },
    fallbackOf: { type: String },
    withdrawn: { type: Schema.Types.Mixed },
    createdAt: { type: Date, required: true },
    endedAt: { type: Date },
    settledAt: { type: Date, default: null },
  },
  { collection: 'intents', versionKey: false, minimize: false },
)
const unfinished = { partialFilterExpression: { lookAt: { $exists: true } } }
/** One intent per cause; the intents of a run, whose keys begin with its id. */
schema.index({ key: 1 }, { unique: true })
/** What is due on some channels: to permit, to claim, to reconcile, to tell. Settled intents are not in it. */
schema.index({ channel: 1, state: 1, lookAt: 1 }, unfinished)
/** What can go out in the same call. */
schema.index({ batchKey: 1 }, { partialFilterExpression: { batchKey: { $type: 'string' }, lookAt: { $exists: true } } })
/** A robot's messages that are not settled, in the order they were wanted. */
schema.index(
  { groupId: 1, state: 1, _id: 1 },
  { partialFilterExpression: { channel: 'robot', lookAt: { $exists: true } } },
)
/** Lost answers that a person has to look at. */
schema.index({ state: 1, _id: 1 }, { partialFilterExpression: { state: 'unsure' } })
/** The receivers of a mass message whose result has come. */
schema.index({ msgid: 1, delivery: 1 }, { partialFilterExpression: { msgid: { $type: 'string' } } })
/** Who wants room at the same customers or groups: permit decides about all of one together. */
schema.index({ customerId: 1 }, { partialFilterExpression: { state: 'wanted', channel: 'mass' } })
schema.index({ groupId: 1 }, { partialFilterExpression: { state: 'wanted', channel: 'group_mass' } })
/** What goes along in the message of another. */
schema.index({ along: 1 }, { partialFilterExpression: { along: { $exists: true } } })
/** Who made way, newest first, and who made way for one send. */
schema.index({ 'lost.by': 1, _id: -1 }, { partialFilterExpression: { 'lost.by': { $exists: true } } })
schema.index({ 'lost.to': 1, _id: -1 }, { partialFilterExpression: { 'lost.to': { $exists: true } } })
/** A customer's sends, newest first. */
schema.index({ customerId: 1, _id: -1 })
/** A rep's sends, newest first. */
schema.index({ userid: 1, _id: -1 })
/** A rule's sends, newest first; a paused rule takes back what has not gone yet. */
schema.index({ 'cause.ruleId': 1, _id: -1 })
/** The sends of one content, newest first: what became of each of its variants. */
schema.index({ contentId: 1, _id: -1 }, { partialFilterExpression: { contentId: { $type: 'string' } } })
/** The sends of one group push. */
schema.index({ 'cause.pushId': 1 }, { partialFilterExpression: { 'cause.pushId': { $type: 'string' } } })

/** The sends of one broadcast, newest first; a cancelled one takes back what has not gone yet. */
schema.index(
  { 'cause.broadcastId': 1, _id: -1 },
  { partialFilterExpression: { 'cause.broadcastId': { $type: 'string' } } },
)

export const intentModel = (connection: Connection): Model<IntentDoc> => connection.model<IntentDoc>('Intent', schema)

/** The same collection without Mongoose's casting, for the writes that every send costs. */
export const intentCollection = (connection: Connection) => {
  intentModel(connection)
  return connection.collection<IntentDoc>('intents')
}
