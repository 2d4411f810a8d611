import { Schema, type Connection, type Model } from 'mongoose'

/**
 * A short address of ours and where it leads. One that stands in a text several people get (`shared`) tells that somebody opened it,
 * one in a text of their own tells who.
 */
export type LinkDoc = {
  /** The code in `/l/<code>`. */
  _id: string
  url: string
  title: string | null
  /** The key of the intent it was made for, the first of them where it is shared. */
  intentKey: string
  shared: boolean
  /** The receiver; null where it is shared or went to a group. */
  customerId: string | null
  /** The customer they were before they became part of that one. */
  of?: string
  contentId: string | null
  broadcastId: string | null
  ruleId: string | null
  opens: number
  firstAt: Date | null
  lastAt: Date | null
  createdAt: Date
}

const text = { type: String, default: null }
const linkSchema = new Schema<LinkDoc>(
  {
    _id: { type: String, required: true },
    url: { type: String, required: true },
    title: text,
    intentKey: { type: String, required: true },
    shared: { type: Boolean, required: true },
    customerId: text,
    of: { type: String },
    contentId: text,
    broadcastId: text,
    ruleId: text,
    opens: { type: Number, required: true },
    firstAt: { type: Date, default: null },
    lastAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'links', versionKey: false },
)
/** The links of one person: to forget whose they are, and as customers become one or part. */
linkSchema.index({ customerId: 1 })

/** One opening, so that a page loaded twice counts once: `_id` is the link, the minute and a mark of the device. */
export type OpeningDoc = { _id: string; at: Date }

const openingSchema = new Schema<OpeningDoc>(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { collection: 'linkOpenings', versionKey: false },
)
/** After two days nobody asks any more. */
openingSchema.index({ at: 1 }, { expireAfterSeconds: 2 * 86_400 })

/** Openings of one address in a content, a broadcast or a rule (`of`: `content:cnt_…`). `opened`: links opened at least once. */
export type CountDoc = {
  _id: string
  of: string
  url: string
  title: string | null
  opens: number
  opened: number
  lastAt: Date
}

const countSchema = new Schema<CountDoc>(
  {
    _id: { type: String, required: true },
    of: { type: String, required: true },
    url: { type: String, required: true },
    title: text,
    opens: { type: Number, required: true },
    opened: { type: Number, required: true },
    lastAt: { type: Date, required: true },
  },
  { collection: 'linkCounts', versionKey: false },
)
/** All addresses of one content, broadcast or rule, the most opened first. */
countSchema.index({ of: 1, opens: -1 })

export const linkModel = (connection: Connection): Model<LinkDoc> => connection.model<LinkDoc>('Link', linkSchema)
export const openingModel = (connection: Connection): Model<OpeningDoc> =>
  connection.model<OpeningDoc>('LinkOpening', openingSchema)
export const countModel = (connection: Connection): Model<CountDoc> =>
  connection.model<CountDoc>('LinkCount', countSchema)
