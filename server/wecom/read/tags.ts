import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { CorpTagGroup, WecomRead } from '../types.ts'

const UNKNOWN_TAG = 40068

/** A tag group without what has been deleted; null when the whole group has. */
const groupOf = (wire: api.WireTagGroup): CorpTagGroup | null =>
  wire.deleted
    ? null
    : {
        id: wire.group_id,
        name: wire.group_name,
        order: wire.order,
        tags: wire.tag.filter((tag) => !tag.deleted).map(({ id, name, order }) => ({ id, name, order })),
      }

/** Corp tags (企业客户标签). */
export const createTagsRead = (call: Call): Pick<WecomRead, 'corpTags'> => ({
  corpTags: async ({ tagIds, groupIds } = {}) => {
    const asked = {
      ...(tagIds ? { tag_id: [...tagIds] } : {}),
      ...(groupIds ? { group_id: [...groupIds] } : {}),
    }
    const answer = await unless(call(api.corpTagList, asked), (error) => isWecomError(error, UNKNOWN_TAG), {
      tag_group: [],
    })
    return answer.tag_group.map(groupOf).filter((group) => group !== null)
  },
})
