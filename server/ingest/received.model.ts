import { Schema, type Connection, type Model } from 'mongoose'
import type { Kind } from '@zhiyin/shared/api/ingest'

/** How many messages came on one day of the company's zone; `_id` is the day, 2027-01-05. */
export type DayDoc = { _id: string; counts: Partial<Record<Kind | 'rejected' | 'skipped', number>> }

const daySchema = new Schema<DayDoc>(
  { _id: { type: String, required: true }, counts: { type: Schema.Types.Mixed, required: true } },
  { collection: 'ingestDays', versionKey: false },
)

export type Recent = { at: Date; kind: Kind; event: string; who: string; source: string; raw: string }

/** The last messages received: one document, `_id` is 'recent'. */
export type RecentDoc = { _id: string; items: Recent[] }

const recentSchema = new Schema<RecentDoc>(
  { _id: { type: String, required: true }, items: { type: Schema.Types.Mixed, required: true } },
  { collection: 'ingestRecent', versionKey: false },
)

export const dayModel = (connection: Connection): Model<DayDoc> => connection.model<DayDoc>('IngestDay', daySchema)
export const recentModel = (connection: Connection): Model<RecentDoc> =>
  connection.model<RecentDoc>('IngestRecent', recentSchema)
