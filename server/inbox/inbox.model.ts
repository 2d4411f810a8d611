import { Schema, type Connection } from 'mongoose'

const inboxStates = ['pending', 'settled', 'dead', 'ignored'] as const
export type InboxState = (typeof inboxStates)[number]
const handlerStates = ['pending', 'done', 'dead'] as const

/** How far one handler of a record came. */
export type HandlerProgress = {
  name: string
  lane: 'now' | 'soon'
  state: (typeof handlerStates)[number]
  attempts: number
  error: string | null
}

/** One callback. `key` is its whole identity; `copies` how often it came; `replays` how often a person ran it again. */
export type InboxDoc = {
  _id: string
  key: string
  event: string
  fields: Record<string, unknown>
  createTime: Date | null
  receivedAt: Date
  state: InboxState
  copies: number
  replays: number
  handlers: HandlerProgress[]
  /** When the sweep should look at it, if it is still pending. */
  nudgeAt: Date
}

const progress = new Schema<HandlerProgress>(
  {
    name: { type: String, required: true },
    lane: { type: String, enum: ['now', 'soon'], required: true },
    state: { type: String, enum: handlerStates, required: true },
    attempts: { type: Number, required: true },
    error: { type: String, default: null },
  },
  { _id: false },
)

const schema = new Schema<InboxDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    event: { type: String, required: true },
    fields: { type: Schema.Types.Mixed, required: true },
    createTime: { type: Date, default: null },
    receivedAt: { type: Date, required: true },
    state: { type: String, enum: inboxStates, required: true },
    copies: { type: Number, required: true },
    replays: { type: Number, required: true },
    handlers: { type: [progress], required: true },
    nudgeAt: { type: Date, required: true },
  },
  { collection: 'inbox', versionKey: false, minimize: false },
)

// append: the same callback sent again is found by its identity
schema.index({ key: 1 }, { unique: true })
// sweep: what is not settled and has waited long enough
schema.index({ nudgeAt: 1 }, { partialFilterExpression: { state: 'pending' } })
// the list of one state, newest first (ids sort by time); the counts of health and backlog
schema.index({ state: 1, _id: -1 })
// erasure and export: what names a person
schema.index(
  { 'fields.externalUserId': 1 },
  { partialFilterExpression: { 'fields.externalUserId': { $exists: true } } },
)
schema.index({ 'fields.memChangeList': 1 }, { partialFilterExpression: { 'fields.memChangeList': { $exists: true } } })

export const inboxModel = (connection: Connection) => connection.model('Inbox', schema)
export type InboxModel = ReturnType<typeof inboxModel>

/** The same collection without Mongoose's casting, for the exchanges every callback costs. */
export const inboxCollection = (connection: Connection) => {
  inboxModel(connection)
  return connection.collection<InboxDoc>(schema.get('collection') ?? 'inbox')
}
export type InboxCollection = ReturnType<typeof inboxCollection>
