import { Schema, type Connection } from 'mongoose'
import type { CheckResult } from '@zhiyin/shared/setup/result'

/** What a check found last; the id is the check's. */
export type ResultDoc = { _id: string; result: CheckResult }

const schema = new Schema<ResultDoc>(
  { _id: { type: String, required: true }, result: { type: Schema.Types.Mixed, required: true } },
  { collection: 'setup_results', versionKey: false },
)

export const resultsModel = (connection: Connection) => connection.model('SetupResult', schema)
