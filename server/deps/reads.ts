import { createSees } from '../api/seen.ts'
import { createChannelsRead } from '../channels/read.ts'
import { createFactsRead } from '../events/read.ts'
import { createInboxRead } from '../inbox/read.ts'
import { createMembersRead } from '../members/read.ts'
import { createOpenMessages, createSendsRead } from '../outbox/read.ts'
import { createProfileRead } from '../profile/read.ts'
import { createTagsRead } from '../tags/read.ts'
import type { Base } from './base.ts'

/** What any room may look up in the stages before it, and the names of customers, members and tags. */
export const joinReads = ({ clock, mongo, border }: Base) => {
  const profileRead = createProfileRead(mongo, border.blind)
  const factsRead = createFactsRead(mongo)
  const membersRead = createMembersRead({ mongo })
  const tagsRead = createTagsRead({ mongo })
  const inboxRead = createInboxRead({ mongo, clock })
  const channelsRead = createChannelsRead({ mongo })
  const sendsRead = createSendsRead(mongo)
  const messages = createOpenMessages(mongo)
  const { names, called } = membersRead
  const { views } = profileRead
  const tagNames = async (ids: readonly string[]) =>
    new Map((await tagsRead.byIds(ids)).map((tag) => [tag.id, tag] as const))
  const sees = createSees(profileRead)
  const customerNames = async (ids: readonly string[]) =>
    new Map((await views(ids)).map((view) => [view.id, view.name] as const))
  return {
    profileRead,
    factsRead,
    membersRead,
    tagsRead,
    inboxRead,
    channelsRead,
    sendsRead,
    messages,
    names,
    called,
    views,
    tagNames,
    sees,
    customerNames,
  }
}

export type Reads = ReturnType<typeof joinReads>
