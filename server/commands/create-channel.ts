import type { Audit } from '../audit/audit.ts'
import type { Channels } from '../channels/channels.ts'
import type { ChannelView } from '../channels/read.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'
import type { TagsRead } from '../tags/read.ts'

type Deps = { channels: Pick<Channels, 'create'>; tags: Pick<TagsRead, 'byIds'>; audit: Audit }
type Wanted = { name: string; userids: string[]; tagIds: string[] }

/** A manager makes a channel QR code. Its tags must exist. */
export const createChannelCommand =
  ({ channels, tags, audit }: Deps) =>
  async (actor: SignedIn, wanted: Wanted): Promise<ChannelView> => {
    const known = new Set((await tags.byIds(wanted.tagIds)).filter((tag) => !tag.deleted).map((tag) => tag.id))
    const missing = wanted.tagIds.find((id) => !known.has(id))
    if (missing !== undefined) throw new AppError('not_found', { status: 404, params: { what: 'tag', id: missing } })
    const channel = await channels.create({ ...wanted, by: nameOf(actor) })
    const { id, name, userids, tagIds, configId } = channel
    await audit.record({
      actor,
      act: 'channel.create',
      subject: `channel:${id}`,
      detail: { name, userids, tagIds, configId },
    })
    return channel
  }
