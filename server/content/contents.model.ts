import { Schema, type Connection, type Model } from 'mongoose'
import type { ContentBody, Variant } from '@zhiyin/shared/content'

/** What is sent, as a version of it stays. */
export type Wording = { name: string; body: ContentBody; variants: Variant[]; couponId: string | null }
/** Ids of who wrote and who approved; a name may be two people's. */
type Approval = { by: string; byId: string; at: Date }

export type ContentDoc = Wording & {
  _id: string
  folder: string
  expiresAt: Date | null
  version: number
  /** The newest version that was approved. */
  approved: (Approval & { version: number }) | null
  updatedAt: Date
  updatedBy: string
  /** Who wrote the newest version; not who may approve it. */
  writerId: string
}

/** `_id` is the content's id and the number of the version. */
export type VersionDoc = Wording & {
  _id: string
  contentId: string
  version: number
  at: Date
  by: string
  byId: string
  approved: Approval | null
}

export type ContentSettingsDoc = { _id: string; approval: boolean }

const mixed = { type: Schema.Types.Mixed, required: true }
const text = { type: String, required: true }
const wording = { name: text, body: mixed, variants: mixed, couponId: { type: String, default: null } }

/** Listed whole (hundreds at most), so the primary key is the only index. */
const contentSchema = new Schema<ContentDoc>(
  {
    _id: text,
    ...wording,
    folder: { type: String, default: '' },
    expiresAt: { type: Date, default: null },
    version: { type: Number, required: true },
    approved: { type: Schema.Types.Mixed, default: null },
    updatedAt: { type: Date, required: true },
    updatedBy: text,
    writerId: { type: String, default: '' },
  },
  { collection: 'contents', versionKey: false, minimize: false },
)

const versionSchema = new Schema<VersionDoc>(
  {
    _id: text,
    contentId: text,
    version: { type: Number, required: true },
    ...wording,
    at: { type: Date, required: true },
    by: text,
    byId: { type: String, default: '' },
    approved: { type: Schema.Types.Mixed, default: null },
  },
  { collection: 'contentversions', versionKey: false, minimize: false },
)
/** The versions of a content, newest first. */
versionSchema.index({ contentId: 1, version: -1 })

const settingsSchema = new Schema<ContentSettingsDoc>(
  { _id: text, approval: { type: Boolean, required: true } },
  { collection: 'contentsettings', versionKey: false },
)

export const versionId = (contentId: string, version: number): string => `${contentId}:${version}`

export const contentModel = (connection: Connection): Model<ContentDoc> =>
  connection.model<ContentDoc>('Content', contentSchema)
export const versionModel = (connection: Connection): Model<VersionDoc> =>
  connection.model<VersionDoc>('ContentVersion', versionSchema)
export const contentSettingsModel = (connection: Connection): Model<ContentSettingsDoc> =>
  connection.model<ContentSettingsDoc>('ContentSettings', settingsSchema)
