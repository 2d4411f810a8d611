import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { CustomerDoc } from '../customers.model.ts'

/** joining: what is of the one still goes over to the other; parting: it goes back. */
type MergeState = 'joining' | 'joined' | 'parting' | 'parted'

/** Two customers who became one, with everything that led to it. It is also the plan of the work: a process that dies is taken over from `step`. */
export type MergeDoc = {
  _id: string
  into: string
  from: string
  /** What both were called then. */
  names: { into: string; from: string }
  /** The identities by which they met; empty where a person found them. */
  identities: string[]
  because: Because[]
  at: Date
  /** The member who decided; null: it went by itself. */
  by: string | null
  note: string
  state: MergeState
  /** How many of the rooms are done. */
  step: number
  /** When the sweep looks; absent when nothing is to do. */
  lookAt?: Date
  parted: { at: Date; by: string; note: string } | null
  /** While parting: all who part with `from`, itself among them, and from whom. */
  parts?: string[]
  whole?: string
}

const mixed = { type: Schema.Types.Mixed, required: true }

const mergeSchema = new Schema<MergeDoc>(
  {
    _id: { type: String, required: true },
    into: { type: String, required: true },
    from: { type: String, required: true },
    names: mixed,
    identities: { type: [String], required: true },
    because: mixed,
    at: { type: Date, required: true },
    by: { type: String, default: null },
    note: { type: String, default: '' },
    state: { type: String, required: true },
    step: { type: Number, required: true },
    lookAt: { type: Date },
    parted: { type: Schema.Types.Mixed, default: null },
    parts: { type: [String], default: undefined },
    whole: { type: String },
  },
  { collection: 'merges', versionKey: false, minimize: false },
)
/** What a customer was made of, and what they became part of. */
mergeSchema.index({ into: 1, _id: -1 })
mergeSchema.index({ from: 1, _id: -1 })
/** The sweep: what is not finished. */
mergeSchema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })

/** Of whoever became part of another customer: whose, and where they stood, so that they can go on from there. Nothing personal. */
export type PartDoc = {
  _id: string
  into: string
  mergeId: string
  stood: Pick<
    CustomerDoc,
    | 'createdAt'
    | 'stage'
    | 'tier'
    | 'levels'
    | 'ruleTags'
    | 'segments'
    | 'definitions'
    | 'stageVersion'
    | 'tierVersion'
    | 'moveVersion'
  >
}

const partSchema = new Schema<PartDoc>(
  {
    _id: { type: String, required: true },
    into: { type: String, required: true },
    mergeId: { type: String, required: true },
    stood: mixed,
  },
  { collection: 'customerParts', versionKey: false, minimize: false },
)
/** Who is part of a customer. */
partSchema.index({ into: 1 })

export const mergeModel = (connection: Connection): Model<MergeDoc> =>
  connection.model<MergeDoc>('CustomerMerge', mergeSchema)
export const partModel = (connection: Connection): Model<PartDoc> =>
  connection.model<PartDoc>('CustomerPart', partSchema)
