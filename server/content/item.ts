import { because, type Because } from '@zhiyin/shared/because'
import type { ContentState } from '@zhiyin/shared/content'
import type { ContentDoc, VersionDoc } from './contents.model.ts'

/** A content item as the room hands it out. */
export type ContentItem = Omit<ContentDoc, '_id' | 'writerId'> & { id: string }
/** A version of one. */
export type VersionItem = Omit<VersionDoc, '_id' | 'byId'>

export const itemOf = ({ _id, writerId: _writerId, ...rest }: ContentDoc): ContentItem => ({ id: _id, ...rest })
export const versionOf = ({ _id, byId: _byId, ...rest }: VersionDoc): VersionItem => rest

type Standing = Pick<ContentItem, 'version' | 'approved' | 'expiresAt'>

/** The version that is sent; null where none is approved yet and one has to be. */
export const inForce = ({ version, approved }: Standing, approval: boolean): number | null =>
  approval ? (approved?.version ?? null) : version

export const stateOf = (item: Standing, approval: boolean, now: Date): ContentState => {
  if (item.expiresAt !== null && item.expiresAt.getTime() <= now.getTime()) return 'expired'
  return approval && item.approved?.version !== item.version ? 'waiting' : 'ready'
}

/** Why nothing of it may be sent at a moment; null: it may. */
export const refusalOf = (item: Standing & Pick<ContentItem, 'name'>, approval: boolean, at: Date): Because | null => {
  const { name, expiresAt, version } = item
  if (expiresAt !== null && expiresAt.getTime() <= at.getTime())
    return because('block.content_expired', { content: name, at: expiresAt.getTime() })
  if (inForce(item, approval) === null) return because('block.content_unapproved', { content: name, version })
  return null
}
