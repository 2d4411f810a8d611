import type { Call } from '../client.ts'
import type { WecomRead, WecomSetup } from '../types.ts'
import { createContactWaysSetup } from './contact-ways.ts'
import { createContactsSetup } from './contacts.ts'
import { createGroupWelcomesSetup } from './group-welcomes.ts'
import { createJoinWaysSetup } from './join-ways.ts'
import { createMassMessagesSetup } from './mass-messages.ts'
import { createTagsSetup } from './tags.ts'
import { createTransfersSetup } from './transfers.ts'

/** Administers WeCom: contact ways (联系我) and tag definitions. Called by the commands of channels and tags. */
export const createSetup = (call: Call, read: Pick<WecomRead, 'corpTags'>): WecomSetup => {
  return {
    ...createContactWaysSetup(call),
    ...createContactsSetup(call),
    ...createJoinWaysSetup(call),
    ...createGroupWelcomesSetup(call),
    ...createMassMessagesSetup(call),
    ...createTagsSetup(call, read),
    ...createTransfersSetup(call),
  }
}
