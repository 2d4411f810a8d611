import { tickedByCard } from '../commands/ticked-by-card.ts'
import { evaluate } from '../conditions/evaluate.ts'
import { seenBy, toFilter } from '../conditions/filter.ts'
import { createReached } from '../outbox/read.ts'
import { createRules } from '../rules/room.ts'
import { createTaskCards } from '../tasks/cards.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Measuring } from './measure.ts'
import type { Settings } from './settings.ts'
import type { Content } from './content.ts'
import type { Sending } from './sending.ts'
import type { Customers } from './profile.ts'
import type { GroupRooms } from './groups.ts'
import type { Later } from './rooms.ts'

/** Journeys, and the cards of the tasks they make. */
export const joinRules = (
  {
    config,
    log,
    clock,
    newId,
    zone,
    mongo,
    enqueue,
    wecom,
    audit,
    vault,
    facts,
    profileRead,
    factsRead,
    channelsRead,
    sendsRead,
    names,
    views,
    tagNames,
    customerNames,
    settings,
    measure,
    contents,
    render,
    tasks,
    outbox,
    wantMany,
    wantTag,
    profile,
    groups,
  }: Base & Reads & Measuring & Settings & Content & Sending & Customers & GroupRooms,
  later: Later,
) => {
  const rules = createRules({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    zone,
    views,
    scan: (condition, after, limit, scope = null) =>
      profileRead.scan(seenBy(toFilter(condition, clock.date()), scope), after, limit),
    evaluate,
    names,
    lastTalk: factsRead.lastTalk,
    render,
    appendFacts: facts.append,
    factsSince: factsRead.since,
    exposed: measure.record,
    globalHoldout: measure.seasons.heldOut,
    // Until the company keeps a calendar of its own, working days are those of the week.
    isWorkday: (day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()),
    outbox,
    waitingFor: sendsRead.waitingFor,
    ...createReached(mongo),
    createTasks: tasks.createMany,
    closeTasks: tasks.close,
    isTaskOpen: tasks.isOpen,
    sends: sendsRead,
    tagNames,
    wantTag,
    quota: async () => (await settings.get()).limits.platform,
    contentIds: async (ids) => (await contents.find(ids)).map(({ id }) => id),
    robotGroupIds: groups.robotGroupIds,
    ensureCustomer: (externalUserId, at) =>
      profile.ensureCustomer([{ kind: 'external_userid', value: externalUserId, at }]),
    channelByState: channelsRead.byState,
    takenOver: async (pair, at) => (await later().transfers.handOverOf(pair, 'to', at)) !== null,
    nameOf: async (externalUserId) => (await wecom.urgent.getCustomer(externalUserId))?.contact.name ?? null,
  })
  const taskCards = createTaskCards({
    mongo,
    clock,
    zone,
    consoleUrl: `${config.PUBLIC_URL}/console`,
    enabled: async () => (await settings.get()).limits.taskCards,
    customerNames,
    wantMany,
    sendOf: sendsRead.get,
    openText: vault.openText,
    done: tickedByCard({ tasks, audit, names }),
  })
  return { rules, taskCards }
}

export type RuleRooms = ReturnType<typeof joinRules>
