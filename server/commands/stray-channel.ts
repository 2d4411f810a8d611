import type { Audit } from '../audit/audit.ts'
import type { Channels } from '../channels/channels.ts'
import type { ChannelView } from '../channels/read.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { channels: Pick<Channels, 'adopt' | 'strays'>; audit: Audit }

/** A manager makes a channel of a contact way that no channel holds, or deletes it in WeCom. */
export const strayChannel = ({ channels, audit }: Deps) => ({
  adopt: async (actor: SignedIn, configId: string, name: string): Promise<ChannelView> => {
    const channel = await channels.adopt(configId, name, nameOf(actor))
    await audit.record({ actor, act: 'channel.adopt', subject: `channel:${channel.id}`, detail: { name, configId } })
    return channel
  },
  remove: async (actor: SignedIn, configId: string): Promise<void> => {
    await channels.strays.remove(configId)
    await audit.record({ actor, act: 'channel.remove_stray', subject: `contact_way:${configId}`, detail: {} })
  },
})
