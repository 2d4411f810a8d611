import { channels as endpoints, type Channel } from '@zhiyin/shared/api/channels'
import type { ChannelView, ChannelsRead } from '../channels/read.ts'
import { createChannelCommand } from '../commands/create-channel.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof createChannelCommand>[0] & {
  channelsRead: Pick<ChannelsRead, 'list'>
  /** Customers who came through each channel. */
  countAdded: (channelIds: readonly string[]) => Promise<ReadonlyMap<string, number>>
}

const present = (channel: ChannelView, added: number): Channel => ({
  ...channel,
  userids: [...channel.userids],
  tagIds: [...channel.tagIds],
  added,
})

export const channelsApi = ({ channelsRead, countAdded, ...deps }: Deps): Bound[] => {
  const create = createChannelCommand(deps)
  return [
    bind(endpoints.list, async () => {
      const list = await channelsRead.list()
      const added = await countAdded(list.map((channel) => channel.id))
      return { items: list.map((channel) => present(channel, added.get(channel.id) ?? 0)) }
    }),
    bind(endpoints.create, async ({ actor, body }) => present(await create(actor, body), 0)),
  ]
}
