import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'

/** The last time a rep and a customer became contacts, and who greets for it. `_id` is the pair. */
export type HoldDoc = {
  _id: string
  /** Names the hold: its entry into rules. */
  key: string
  /** The two events that may tell of it (免验证: the customer's side first). */
  half: Date | null
  full: Date | null
  endedAt: Date | null
  returning: boolean
  /** Decided once: the rule that greets, or that none does. */
  greeter: { ruleId: string | null; because: Because[] } | null
  /** Counts the writes, so that two at the same time do not overwrite each other. */
  rev: number
}

/** Read and written by its key alone. */
const schema = new Schema<HoldDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    half: { type: Date, default: null },
    full: { type: Date, default: null },
    endedAt: { type: Date, default: null },
    returning: { type: Boolean, required: true },
    greeter: { type: Schema.Types.Mixed, default: null },
    rev: { type: Number, required: true },
  },
  { collection: 'ruleholds', versionKey: false },
)

export const holdModel = (connection: Connection): Model<HoldDoc> => connection.model<HoldDoc>('RuleHold', schema)
export const holdCollection = (connection: Connection) => {
  holdModel(connection)
  return connection.collection<HoldDoc>('ruleholds')
}
