import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import type { CorpTagGroup, WecomRead, WecomSetup } from '../types.ts'
import { createContactWaysSetup } from './contact-ways.ts'
import { createContactsSetup } from './contacts.ts'
import { createGroupWelcomesSetup } from './group-welcomes.ts'
import { createJoinWaysSetup } from './join-ways.ts'
import { createMassMessagesSetup } from './mass-messages.ts'
import { createTransfersSetup } from './transfers.ts'

const NAME_EXISTS = 40071

/** Administers WeCom: contact ways (联系我) and tag definitions. Called by the commands of channels and tags. */
export const createSetup = (call: Call, read: Pick<WecomRead, 'corpTags'>): WecomSetup => {
  const found = (groups: readonly CorpTagGroup[], group: string, name: string) =>
    groups
      .filter((one) => one.name === group)
      .flatMap((one) => one.tags.map((tag) => ({ groupId: one.id, group: one.name, id: tag.id, name: tag.name })))
      .find((tag) => tag.name === name)

  return {
    ...createContactWaysSetup(call),
    ...createContactsSetup(call),
    ...createJoinWaysSetup(call),
    ...createGroupWelcomesSetup(call),
    ...createMassMessagesSetup(call),
    ...createTransfersSetup(call),

    addCorpTag: async ({ group, name }) => {
      try {
        const { tag_group } = await call(api.addCorpTag, { group_name: group, tag: [{ name }] })
        const made = tag_group.tag.find((tag) => tag.name === name)
        if (made) return { groupId: tag_group.group_id, group: tag_group.group_name, id: made.id, name: made.name }
      } catch (error) {
        if (!isWecomError(error, NAME_EXISTS)) throw error
      }
      const before = found(await read.corpTags(), group, name)
      if (before) return before
      throw new TypeError(`WeCom says that the tag ${group}/${name} exists but does not list it`)
    },
  }
}
