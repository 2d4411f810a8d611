import { createHash, createHmac } from 'node:crypto'
import { factTypes } from '@zhiyin/shared/fact'
import { tickedByCard } from '../commands/ticked-by-card.ts'
import { evaluate } from '../conditions/evaluate.ts'
import { seenBy, toFilter } from '../conditions/filter.ts'
import { createReached } from '../outbox/read.ts'
import { createRules } from '../rules/room.ts'
import { writeTaskKey } from '../outbox/read.ts'
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

/** What calls to other systems are signed by: a key of its own, for others get to know it. */
const webhookSecret = (sessions: string): string =>
  createHmac('sha256', sessions).update('webhooks').digest('base64url')

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
    privacySettings,
    measure,
    definitions,
    contents,
    render,
    fillText,
    tasks,
    calendar,
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
    isWorkday: calendar.isWorkday,
    needsGrant: async () => (await privacySettings.get()).needsGrant,
    outbox,
    // Also what a rep is to send by hand, as long as that task is open.
    waitingFor: async (customerId) => {
      const byHand = await sendsRead.byHandFor(customerId)
      const open = await Promise.all(byHand.map(({ id }) => tasks.isOpen(writeTaskKey(id))))
      return [...byHand.filter((_send, index) => open[index]), ...(await sendsRead.waitingFor(customerId))]
    },
    ...createReached(mongo),
    managersOf: (userids) => later().managersOf(userids),
    fillText,
    handOver: ({ key, customerId, from, to, rule }) =>
      later().transfers.start(
        {
          key: createHash('sha1').update(key).digest('hex'),
          from,
          customers: [customerId],
          groups: [],
          takeovers: [{ userid: to, share: 1 }],
          message: '',
        },
        rule,
      ),
    webhooks: { secret: webhookSecret(config.SESSION_SECRET), trusted: config.WEBHOOK_HOSTS },
    createTasks: tasks.createMany,
    closeTasks: tasks.close,
    isTaskOpen: tasks.isOpen,
    sends: sendsRead,
    tagNames,
    wantTag,
    past: {
      definitions: definitions.get,
      factsOf: (ids) => factsRead.pieces(ids, factTypes),
      broadcastsOf: sendsRead.broadcastsOf,
      customers: {
        count: (scope) => profileRead.count(seenBy({}, scope)),
        ids: (scope, after, limit) => profileRead.ids(seenBy({}, scope), after, limit),
        known: profileRead.known,
      },
      whole: profileRead.whole,
      sentTo: (customerId, since) => factsRead.since([customerId], ['send.changed', 'customer.replied'], since),
    },
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
