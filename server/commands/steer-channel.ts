import type { Audit } from '../audit/audit.ts'
import type { Channels } from '../channels/channels.ts'
import type { ChannelView } from '../channels/read.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { channels: Pick<Channels, 'pause' | 'resume' | 'remake' | 'remove'>; audit: Audit }

/** A manager pauses or resumes a channel, makes its lost code anew, or deletes it. */
export const steerChannel =
  ({ channels, audit }: Deps) =>
  async (actor: SignedIn, what: 'pause' | 'resume' | 'remake' | 'remove', id: string): Promise<ChannelView> => {
    const channel = await channels[what](id)
    const { name, configId } = channel
    await audit.record({ actor, act: `channel.${what}`, subject: `channel:${id}`, detail: { name, configId } })
    return channel
  }
