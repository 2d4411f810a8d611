import { createSendsOwned } from '../outbox/owned.ts'
import { createProfile } from '../profile/profile.ts'
import { createTasksOwned } from '../tasks/owned.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Measuring } from './measure.ts'
import type { Settings } from './settings.ts'
import type { Content } from './content.ts'
import type { Sending } from './sending.ts'
import type { Later } from './rooms.ts'

/** The customer. */
export const joinProfile = (
  {
    log,
    clock,
    newId,
    mongo,
    enqueue,
    graves,
    border,
    told,
    facts,
    tagsRead,
    channelsRead,
    tagNames,
    definitions,
    measure,
    links,
    wantTag,
    refusals,
  }: Base & Reads & Measuring & Settings & Content & Sending,
  later: Later,
) => {
  const profile = createProfile({
    mongo,
    clock,
    newId,
    log,
    enqueue,
    definitions,
    facts,
    tagNames,
    tagsByWecomId: async (ids) =>
      new Map(
        (await tagsRead.byWecomIds(ids)).flatMap((tag) => (tag.wecomId === null ? [] : [[tag.wecomId, tag] as const])),
      ),
    channelByState: channelsRead.byState,
    getCustomer: told.getCustomer,
    blind: border.blind,
    erased: graves.erased,
    handOverOf: (...asked) => later().transfers.handOverOf(...asked),
    concerns: async () => {
      const [byRules, measured] = await Promise.all([later().rules.concerns(), measure.concerns()])
      return (fact) => byRules(fact) || measured(fact) || later().tagMarks.concerns(fact) || refusals.concerns(fact)
    },
    wantTag,
    owned: () => [
      later().rules.owned,
      measure.owned,
      createTasksOwned(mongo),
      createSendsOwned(mongo),
      links.owned,
      later().channels.owned,
    ],
  })
  return { profile }
}

export type Customers = ReturnType<typeof joinProfile>
