import type { PushAudience } from '@zhiyin/shared/push-plan'
import type { QueryFilter } from 'mongoose'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'

/** No push goes to more groups. */
export const mostGroups = 5_000

const filterOf = (audience: PushAudience): QueryFilter<GroupDoc> => {
  if (audience.type === 'named') return { _id: { $in: audience.groupIds }, dismissed: false }
  const { kinds, tiers, owners, tags } = audience
  return {
    dismissed: false,
    ...(kinds.length === 0 ? {} : { kind: { $in: kinds } }),
    ...(tiers.length === 0 ? {} : { tier: { $in: tiers } }),
    ...(owners.length === 0 ? {} : { owner: { $in: owners } }),
    ...(tags.length === 0 ? {} : { tags: { $in: tags } }),
  }
}

/** Which groups a line of a plan is for, now. */
export const createAudience = ({ connection }: Pick<Mongo, 'connection'>) => {
  const groups = groupModel(connection)
  return {
    count: (audience: PushAudience): Promise<number> => groups.countDocuments(filterOf(audience)).exec(),
    /** In the order of ids. */
    find: (audience: PushAudience): Promise<GroupDoc[]> =>
      groups.find(filterOf(audience)).sort({ _id: 1 }).limit(mostGroups).lean<GroupDoc[]>().exec(),
    /** Of ids, those that are not there (any more). */
    async missing(ids: readonly string[]): Promise<string[]> {
      const found = await groups.find({ _id: { $in: [...ids] }, dismissed: false }, { _id: 1 }).lean()
      const here = new Set(found.map(({ _id }) => _id))
      return ids.filter((id) => !here.has(id))
    },
  }
}

export type Audience = ReturnType<typeof createAudience>
