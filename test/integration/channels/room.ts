import { ChannelInput } from '@zhiyin/shared/api/channels'
import type { NewFact } from '@zhiyin/shared/fact'
import type { EventName, EventPayload } from '@zhiyin/shared/events'
import { createAlarm } from '../../../server/channels/alarm.ts'
import { createChannels } from '../../../server/channels/channels.ts'
import { fetchPicture } from '../../../server/channels/picture.ts'
import { createChannelsRead } from '../../../server/channels/read.ts'
import { createFacts } from '../../../server/events/facts.ts'
import { createFactsRead } from '../../../server/events/read.ts'
import type { Enqueue } from '../../../server/flow/jobs.ts'
import type { WantInput } from '../../../server/outbox/read.ts'
import { createIds } from '../../../server/platform/id.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import { State } from '../../../sandbox/wecom/admin/contract.ts'
import { quietLog } from '../../support/log.ts'
import type { WecomWorld } from '../../support/wecom.ts'

export const addPath = '/cgi-bin/externalcontact/add_contact_way'
export const updatePath = '/cgi-bin/externalcontact/update_contact_way'

type Standing = { active: boolean; rep: boolean }

/**
 * The room of channels on a real database and the stand-in; `standing` is what the members' room knows, the queue a list that `drain`
 * works off. `told` is what managers were told.
 */
export const channelRoom = (mongo: Mongo, world: WecomWorld, wecom: Wecom, zone = 'Asia/Shanghai') => {
  const { clock } = world
  const standing = new Map<string, Standing>()
  const told: WantInput[] = []
  const nudged: string[] = []
  const enqueue: Enqueue = async (_name, payload) => {
    if ('ids' in payload) nudged.push(...payload.ids)
  }
  const facts = createFacts({ mongo, clock, enqueue: async () => undefined, log: quietLog })
  const channels = createChannels({
    mongo,
    clock,
    log: quietLog,
    newId: createIds(clock),
    enqueue,
    zone,
    facts: createFactsRead(mongo),
    members: {
      standing: async (userids) =>
        new Map(
          userids.flatMap((userid) => {
            const found = standing.get(userid)
            return found === undefined ? [] : [[userid, found] as const]
          }),
        ),
    },
    read: wecom.read,
    setup: wecom.setup,
    picture: fetchPicture(world.url()),
    alarm: createAlarm({
      clock,
      zone,
      managersOf: async (userids) => new Map(userids.map((userid) => [userid, ['boss']])),
      wantMany: async (inputs) => {
        for (const input of inputs) if (!told.some(({ key }) => key === input.key)) told.push(input)
      },
      channelsUrl: 'https://crm.example.com/console/channels',
    }),
  })
  const read = createChannelsRead({ mongo })
  const drain = async (): Promise<void> => {
    while (nudged.length > 0) await channels.jobs['channels.serve']({ ids: nudged.splice(0, 50) })
  }
  /** Appends facts of one customer and shows them to the room, as their delivery does. */
  const tell = async (customerId: string, ...news: NewFact[]): Promise<void> => {
    await facts.append(news)
    await channels.count(
      customerId,
      news.map((fact) => ({ ...fact, seenAt: clock.date() })),
    )
  }
  const added = (customerId: string, userid: string, channelId: string, at = clock.date(), half = false): NewFact => ({
    id: `contact.${half ? 'half' : 'added'}:${userid}:${customerId}:${at.getTime()}`,
    customerId,
    type: 'contact.added',
    at,
    source: 'wecom',
    payload: { userid, channelId, channelName: '门店', ...(half ? { half } : {}) },
  })
  return {
    channels,
    read,
    standing,
    told,
    tell,
    drain,
    added,
    make: (name: string, more: Partial<ChannelInput> = {}) =>
      channels.create(ChannelInput.parse({ name, userids: ['lina'], ...more }), 'boss'),
    /** Looks for what is due and does it. */
    sweep: async (): Promise<void> => {
      await channels.sweep.run(clock.date())
      await drain()
    },
    /** Who stands behind a code in WeCom. */
    inWecom: async (configId: string | null): Promise<string[]> =>
      (await wecom.read.contactWay(configId ?? ''))?.userids.toSorted() ?? [],
    waysInWecom: async () => State.parse(await world.look('state')).contactWays,
    event: async <N extends EventName>(event: N, fields: EventPayload<N>): Promise<void> => {
      const now = clock.date()
      for (const handler of channels.handlers[event] ?? [])
        await handler.run({ id: 'inb_1', key: 'k', event, fields, createTime: now, receivedAt: now })
      await drain()
    },
  }
}
export type ChannelRoom = ReturnType<typeof channelRoom>
