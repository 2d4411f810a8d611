import { createPushRoom } from '../../server/groups/push-room.ts'
import type { IsWorkday } from '../../server/groups/push-turns.ts'
import { createIds } from '../../server/platform/id.ts'
import type { Mongo } from '../../server/platform/mongo.ts'
import type { MovableClock } from './clock.ts'
import { quietLog } from './log.ts'
import type { sendingRooms } from './sending.ts'

type Options = { isWorkday?: IsWorkday; opensIn?: Parameters<typeof createPushRoom>[0]['opensIn'] }

/** Pushes to groups on a real database and the rooms that send; each call stands for a process of its own. */
export const pushRoom = (
  mongo: Mongo,
  clock: MovableClock,
  rooms: Pick<ReturnType<typeof sendingRooms>, 'contents' | 'outbox' | 'sends'>,
  freshTiers: (ids?: readonly string[]) => Promise<void>,
  { isWorkday = () => true, opensIn = async () => ({ links: [] }) }: Options = {},
) =>
  createPushRoom({
    mongo,
    clock,
    newId: createIds(clock),
    log: quietLog,
    zone: 'Asia/Shanghai',
    workdays: async () => isWorkday,
    contentName: async (id) => (await rooms.contents.get(id)).name,
    contentRefusal: rooms.contents.refusal,
    render: rooms.contents.render,
    names: async (ids) => new Map(ids.map((id) => [id, `${id}名`])),
    wantMany: rooms.outbox.wantMany,
    withdraw: rooms.outbox.withdraw,
    openOfPushes: rooms.sends.openOfPushes,
    ofPushes: rooms.sends.ofPushes,
    tallyOfPushes: rooms.sends.tallyOfPushes,
    opensIn,
    verdicts: rooms.outbox.preview,
    robotLooks: rooms.outbox.robots.look,
    freshTiers,
  })
