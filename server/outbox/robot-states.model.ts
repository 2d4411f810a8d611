import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'

/** What stands in the way of a group's robot; `_id` is the group's id. */
export type RobotStateDoc = {
  _id: string
  /** WeCom does not take its messages until a person has mended it. */
  disabled: { at: Date; because: Because } | null
  /** It is left alone until then: WeCom was busy, or its minute is used up. */
  restUntil: Date | null
}

const schema = new Schema<RobotStateDoc>(
  {
    _id: { type: String, required: true },
    disabled: { type: Schema.Types.Mixed, default: null },
    restUntil: { type: Date, default: null },
  },
  { collection: 'robotstates', versionKey: false, minimize: false },
)

export const robotStateModel = (connection: Connection): Model<RobotStateDoc> =>
  connection.model<RobotStateDoc>('RobotState', schema)
