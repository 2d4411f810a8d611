import type { ChannelInput } from '@zhiyin/shared/api/channels'
import type { Audit } from '../audit/audit.ts'
import type { Channels } from '../channels/channels.ts'
import type { ChannelView } from '../channels/read.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import { notFound } from '../platform/errors.ts'
import type { TagsRead } from '../tags/read.ts'

type Deps = { channels: Pick<Channels, 'create' | 'update'>; tags: Pick<TagsRead, 'byIds'>; audit: Audit }

/** A manager makes a channel QR code, or changes the one of `id`. Its tags must exist. */
export const writeChannel =
  ({ channels, tags, audit }: Deps) =>
  async (actor: SignedIn, id: string | null, wanted: ChannelInput): Promise<ChannelView> => {
    const known = new Set((await tags.byIds(wanted.tagIds)).filter((tag) => !tag.deleted).map((tag) => tag.id))
    const missing = wanted.tagIds.find((tagId) => !known.has(tagId))
    if (missing !== undefined) throw notFound('tag', missing)
    const channel = id === null ? await channels.create(wanted, nameOf(actor)) : await channels.update(id, wanted)
    await audit.record({
      actor,
      act: id === null ? 'channel.create' : 'channel.update',
      subject: `channel:${channel.id}`,
      detail: { ...wanted, configId: channel.configId },
    })
    return channel
  }
