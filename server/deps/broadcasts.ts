import { createBroadcasts } from '../broadcasts/room.ts'
import { reachable, toFilter } from '../conditions/filter.ts'
import { createResults } from '../results/results.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Measuring } from './measure.ts'
import type { Settings } from './settings.ts'
import type { Content } from './content.ts'
import type { Sending } from './sending.ts'
import type { GroupRooms } from './groups.ts'

/** What became of mass messages, and those managers make. */
export const joinBroadcasts = ({
  log,
  clock,
  newId,
  zone,
  mongo,
  enqueue,
  wecom,
  profileRead,
  factsRead,
  sendsRead,
  messages,
  names,
  called,
  settings,
  contents,
  render,
  tasks,
  outbox,
  groups,
  measure,
}: Base & Reads & Measuring & Settings & Content & Sending & GroupRooms) => {
  const results = createResults({
    mongo,
    zone,
    clock,
    log,
    enqueue,
    messages,
    read: wecom.bulk,
    setup: wecom.setup,
    deliveries: outbox.deliveries,
    receipts: { keep: outbox.keepReceipts, forget: outbox.forgetReceipts },
    limits: async () => (await settings.get()).limits,
    names: called,
    createTask: tasks.create,
    closeTasks: tasks.close,
  })
  const broadcasts = createBroadcasts({
    mongo,
    clock,
    newId,
    enqueue,
    scan: ({ condition, userids }, after, limit) =>
      profileRead.scan(reachable(toFilter(condition, clock.date()), userids), after, limit),
    count: ({ condition, userids }) => profileRead.count(reachable(toFilter(condition, clock.date()), userids)),
    groups: groups.ofCustomers,
    render,
    names,
    lastTalk: factsRead.lastTalk,
    contentName: async (id) => (await contents.get(id)).name,
    outbox,
    isOpen: sendsRead.isOpen,
    messages,
    remind: results.remind,
    reached: measure.reached,
  })
  return { results, broadcasts }
}

export type Broadcasting = ReturnType<typeof joinBroadcasts>
