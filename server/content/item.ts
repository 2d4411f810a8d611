import type { ContentDoc } from './contents.model.ts'

/** A content item as the room hands it out. */
export type ContentItem = Omit<ContentDoc, '_id'> & { id: string }

export const itemOf = ({ _id, ...rest }: ContentDoc): ContentItem => ({ id: _id, ...rest })
