import { handlersOf, mergeHandlers } from '@zhiyin/shared/events'
import { createDeliver } from '../events/deliver.ts'
import { createEnqueueMany } from '../flow/enqueue.ts'
import { customAttributes } from '../imports/attributes.ts'
import { createImports } from '../imports/imports.ts'
import { createMarkTags } from '../imports/mark-tags.ts'
import { checkHandled } from '../inbox/ignored.ts'
import { createInbox } from '../inbox/inbox.ts'
import { createIngestRoom } from '../ingest/room.ts'
import { membersHandlers } from '../members/handlers.ts'
import { createHere } from '../members/here.ts'
import { createSync } from '../sync/sync.ts'
import { tagsHandlers } from '../tags/tags.ts'
import { customerLanes } from '../platform/lanes.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Measuring } from './measure.ts'
import type { Settings } from './settings.ts'
import type { Sending } from './sending.ts'
import type { Customers } from './profile.ts'
import type { GroupRooms } from './groups.ts'
import type { RuleRooms } from './rules.ts'
import type { Tagging } from './tags.ts'
import type { Staff } from './members.ts'
import type { Contacts } from './contacts.ts'

/** What comes in from outside: callbacks, comparisons with WeCom, the ingest API, files; and the delivery of facts. */
export const joinIntake = ({
  log,
  clock,
  metrics,
  newId,
  zone,
  mongo,
  queues,
  enqueue,
  wecom,
  vault,
  border,
  facts,
  profileRead,
  factsRead,
  membersRead,
  tagsRead,
  views,
  settings,
  privacySettings,
  definitions,
  measure,
  wantTag,
  refusals,
  profile,
  groups,
  keptGroups,
  rules,
  taskCards,
  tagMarks,
  tags,
  members,
  departments,
  losses,
  transfers,
  channels,
}: Base & Reads & Measuring & Settings & Sending & Customers & GroupRooms & RuleRooms & Tagging & Staff & Contacts) => {
  const delivery: Parameters<typeof createDeliver>[0] = {
    facts,
    foldSome: profile.foldSome,
    match: async (customerId, list) => {
      await channels.count(customerId, list)
      await losses.match(customerId, list)
      await tagMarks.match(customerId, list)
      await refusals.match(customerId, list)
      await measure.match(customerId, list)
      await rules.match(customerId, list)
    },
  }
  const deliver = createDeliver(delivery)
  /** In turns of their own, so that no event stands in line behind a long list. */
  const deliverApart = createDeliver(delivery, { ...customerLanes, lanes: 1, restMs: 0 })
  const eventHandlers = mergeHandlers(
    handlersOf(profile.handlers),
    rules.handlers,
    groups.handlers,
    membersHandlers({ members, departments }),
    tagsHandlers(tags),
    channels.handlers,
    transfers.handlers,
    taskCards.handlers,
  )
  checkHandled(eventHandlers)
  const inbox = createInbox({
    mongo,
    clock,
    newId,
    enqueueMany: createEnqueueMany(queues, log),
    log,
    metrics,
    handlers: eventHandlers,
  })
  const sync = createSync({
    mongo,
    clock,
    newId,
    log,
    enqueue,
    zone,
    read: { ...border.wecom(wecom.bulk), departments: departments.sync, groupChats: groups.listed },
    inbox: inbox.repair,
    members: { ...createHere({ mongo }), get: membersRead.get, save: members.save },
    tags: {
      get: async (wecomId) => (await tagsRead.byWecomIds([wecomId]))[0] ?? null,
      inWecom: async () =>
        (await tagsRead.list()).flatMap(({ wecomId, name, group }) =>
          wecomId === null ? [] : { wecomId, name, group },
        ),
      takeOver: tags.sync,
    },
    groups: { ...keptGroups, refresh: groups.refresh },
    savePair: async (pair, askedAt) => {
      const kept = await profile.saveContactPair(pair, askedAt)
      if (kept === 'crossed') await profile.fetchContact(pair.contact.externalUserId)
      await groups.tellPerson(pair.contact.externalUserId)
    },
  })
  const dataIn = createIngestRoom({
    mongo,
    hide: border.hide,
    clock,
    newId,
    log,
    zone,
    ensureCustomers: profile.ensureParts,
    linkIdentities: profile.identities.link,
    append: profile.take,
    optOutWords: async () => (await settings.get()).limits.optOutWords,
  })
  const imports = createImports({
    mongo,
    vault,
    keepDays: async () => (await privacySettings.get()).retention.imports + 1,
    clock,
    log,
    newId,
    enqueue,
    zone,
    ensureCustomers: profile.ensureParts,
    known: profileRead.anybodyHas,
    factsByIds: factsRead.byIds,
    settled: async (customerIds) => (await factsRead.awaiting(customerIds, 'profile', 1)).length === 0,
    append: facts.append,
    tags: tagsRead.list,
    markTags: async (wants) => createMarkTags({ views, wantTag })(await profileRead.asWhole(wants)),
    attributes: async () => customAttributes((await definitions.get()).attributes),
  })
  return { deliver, deliverApart, eventHandlers, inbox, sync, dataIn, imports }
}

export type Intake = ReturnType<typeof joinIntake>
