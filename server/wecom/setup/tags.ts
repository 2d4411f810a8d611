import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import type { CorpTagGroup, WecomRead } from '../types.ts'
import type { MadeTag, TagsSetup } from '../types/tags.ts'

const NAME_EXISTS = 40071
/** What is to be deleted is not there (any more). */
const UNKNOWN = 40068

/** Corp tags (企业客户标签) and their groups. Nothing of it calls back. */
export const createTagsSetup = (call: Call, read: Pick<WecomRead, 'corpTags'>): TagsSetup => {
  const found = (groups: readonly CorpTagGroup[], group: string, name: string): MadeTag | undefined =>
    groups
      .filter((one) => one.name === group || one.id === group)
      .flatMap((one) =>
        one.tags.map((tag) => ({ groupId: one.id, group: one.name, id: tag.id, name: tag.name, order: tag.order })),
      )
      .find((tag) => tag.name === name)

  return {
    addCorpTag: async ({ group, groupId, name, order = 0 }) => {
      const into = groupId === undefined ? { group_name: group } : { group_id: groupId }
      try {
        const { tag_group } = await call(api.addCorpTag, { ...into, tag: [{ name, order }] })
        const made = tag_group.tag.find((tag) => tag.name === name)
        if (made)
          return { groupId: tag_group.group_id, group: tag_group.group_name, id: made.id, name, order: made.order }
      } catch (error) {
        if (!isWecomError(error, NAME_EXISTS)) throw error
      }
      const before = found(await read.corpTags(), groupId ?? group, name)
      if (before) return before
      throw new TypeError(`WeCom says that the tag ${group}/${name} exists but does not list it`)
    },

    editCorpTag: async ({ id, name, order }) => {
      await call(api.editCorpTag, {
        id,
        ...(name === undefined ? {} : { name }),
        ...(order === undefined ? {} : { order }),
      })
    },

    deleteCorpTag: async ({ tagId, groupId }) => {
      try {
        await call(api.delCorpTag, {
          ...(tagId === undefined ? {} : { tag_id: [tagId] }),
          ...(groupId === undefined ? {} : { group_id: [groupId] }),
        })
      } catch (error) {
        if (!isWecomError(error, UNKNOWN)) throw error
      }
    },
  }
}
