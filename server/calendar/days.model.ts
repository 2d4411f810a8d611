import { Schema, type Connection, type Model } from 'mongoose'

/** What the company says of one day; `_id` is the day, YYYY-MM-DD. There are as many as managers wrote down, so all of them are read at once. */
export type CompanyDayDoc = { _id: string; work: boolean; name: string; by: string; updatedAt: Date }

const schema = new Schema<CompanyDayDoc>(
  {
    _id: { type: String, required: true },
    work: { type: Boolean, required: true },
    name: { type: String, required: true },
    by: { type: String, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'companydays', versionKey: false },
)

export const companyDayModel = (connection: Connection): Model<CompanyDayDoc> =>
  connection.model<CompanyDayDoc>('CompanyDay', schema)
