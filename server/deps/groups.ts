import { createPicture, fetchPicture } from '../channels/picture.ts'
import { createGroups } from '../groups/groups.ts'
import { createKeptGroups } from '../groups/kept.ts'
import { createPushRoom } from '../groups/push-room.ts'
import { createRobots } from '../groups/robots.ts'
import { filled } from '../outbox/media.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Content } from './content.ts'
import type { Settings } from './settings.ts'
import type { Sending } from './sending.ts'
import type { Customers } from './profile.ts'
import type { Later } from './rooms.ts'

/** Groups, the robots in them and their push plans. */
export const joinGroups = (
  {
    config,
    log,
    clock,
    newId,
    zone,
    mongo,
    enqueue,
    wecom,
    told,
    facts,
    profileRead,
    sendsRead,
    names,
    contents,
    render,
    contentName,
    media,
    links,
    settings,
    calendar,
    outbox,
    wantMany,
    profile,
  }: Base & Reads & Settings & Content & Sending & Customers,
  later: Later,
) => {
  const groups = createGroups({
    mongo,
    clock,
    newId,
    enqueue,
    read: told,
    setup: wecom.setup,
    picture: createPicture(fetchPicture(config.WECOM_API_BASE)),
    ready: async (one) => {
      const mediaId = 'assetId' in one ? await media.mediaIdFor(one.assetId, 'message') : ''
      return filled(one, () => mediaId)
    },
    ensureCustomer: (externalUserId) => profile.ensureCustomer([{ kind: 'external_userid', value: externalUserId }]),
    noticed: ({ subject }) => later().sync.missedInGroup(subject),
    appendFacts: facts.append,
    customersOf: profileRead.idsByExternal,
    names,
    tierRule: async () => (await settings.get()).groupTiers,
    tierCounts: profileRead.tierCounts,
    enableRobot: outbox.robots.enable,
    sessionSecret: config.SESSION_SECRET,
  })
  const robots = createRobots({ mongo, clock, wantMany, ...outbox.robots, sendOf: sendsRead.get })
  const pushes = createPushRoom({
    mongo,
    clock,
    newId,
    log,
    zone,
    workdays: async () => {
      await calendar.refresh()
      return calendar.isWorkday
    },
    contentName,
    contentRefusal: contents.refusal,
    render,
    names,
    wantMany,
    withdraw: outbox.withdraw,
    openOfPushes: sendsRead.openOfPushes,
    ofPushes: sendsRead.ofPushes,
    tallyOfPushes: sendsRead.tallyOfPushes,
    opensIn: links.opensIn,
    verdicts: outbox.preview,
    robotLooks: outbox.robots.look,
    freshTiers: groups.tiers.refresh,
  })
  const keptGroups = createKeptGroups(mongo)
  return { groups, robots, pushes, keptGroups }
}

export type GroupRooms = ReturnType<typeof joinGroups>
