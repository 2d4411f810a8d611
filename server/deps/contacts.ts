import { createAlarm } from '../channels/alarm.ts'
import { createChannels } from '../channels/channels.ts'
import { fetchPicture } from '../channels/picture.ts'
import { createLosses } from '../losses/losses.ts'
import { createTransfers, holdersOf } from '../transfers/transfers.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Sending } from './sending.ts'
import type { Customers } from './profile.ts'
import type { GroupRooms } from './groups.ts'
import type { RuleRooms } from './rules.ts'
import type { Staff } from './members.ts'

/** Who follows whom: losses, hand-overs, channels that bring customers. */
export const joinContacts = ({
  config,
  log,
  clock,
  newId,
  zone,
  mongo,
  enqueue,
  wecom,
  facts,
  profileRead,
  factsRead,
  membersRead,
  called,
  views,
  tasks,
  outbox,
  profile,
  keptGroups,
  rules,
  managersOf,
}: Base & Reads & Sending & Customers & GroupRooms & RuleRooms & Staff) => {
  const losses = createLosses({
    mongo,
    clock,
    views,
    names: called,
    standing: membersRead.standing,
    managersOf,
    createTasks: tasks.createMany,
    closeTasks: tasks.close,
    wantMany: outbox.wantMany,
    lossesUrl: `${config.PUBLIC_URL}/console/losses`,
  })
  const transfers = createTransfers({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    zone,
    read: wecom.read,
    setup: wecom.setup,
    views,
    names: called,
    ensureCustomers: (ids) => profile.ensureCustomers(ids.map((value) => [{ kind: 'external_userid', value }])),
    customerOf: async (id) => holdersOf(await profileRead.byExternal(id)),
    groupsOf: keptGroups.ownedBy,
    groupChanged: (chatId) => enqueue('groups.sync', { chatIds: [chatId] }),
    gone: async () => (await membersRead.list()).flatMap(({ userid, active }) => (active ? [] : userid)),
    isHere: async (userid) => (await membersRead.get(userid))?.active === true,
    managersOf,
    appendFacts: facts.append,
    handOver: profile.handOver,
    moveWork: async (move) => {
      await tasks.handOver(move)
      await rules.handOver(move)
    },
    createTasks: tasks.createMany,
    wantMany: outbox.wantMany,
    transfersUrl: `${config.PUBLIC_URL}/console/transfers`,
  })
  const channels = createChannels({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    zone,
    facts: factsRead,
    members: membersRead,
    read: wecom.read,
    setup: wecom.setup,
    picture: fetchPicture(config.WECOM_API_BASE),
    alarm: createAlarm({
      clock,
      zone,
      managersOf,
      wantMany: outbox.wantMany,
      channelsUrl: `${config.PUBLIC_URL}/console/channels`,
    }),
  })
  return { losses, transfers, channels }
}

export type Contacts = ReturnType<typeof joinContacts>
