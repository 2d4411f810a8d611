import type { MediaKind } from '@zhiyin/shared/api/media'
import type { Audit } from '../audit/audit.ts'
import type { Contents } from '../content/contents.ts'
import type { AssetDoc, Media } from '../media/media.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'

type Deps = { media: Media; contents: Pick<Contents, 'using'>; audit: Audit }

/** A manager puts a file into the library, or takes one out that no content uses. */
export const keepMedia = ({ media, contents, audit }: Deps) => ({
  async add(
    actor: SignedIn,
    { kind, name, folder }: { kind: MediaKind; name: string; folder?: string | undefined },
    bytes: Uint8Array,
  ): Promise<AssetDoc> {
    const asset = await media.files.store({ kind, name, folder, bytes, by: nameOf(actor) })
    const detail = { kind, name: asset.name, size: asset.size }
    await audit.record({ actor, act: 'media.add', subject: `media:${asset._id}`, detail })
    return asset
  },
  /** Throws not_found. */
  async move(actor: SignedIn, id: string, folder: string): Promise<AssetDoc> {
    const asset = await media.files.move(id, folder)
    await audit.record({ actor, act: 'media.move', subject: `media:${id}`, detail: { name: asset.name, folder } })
    return asset
  },
  /** Throws media.in_use naming the content, not_found. */
  async remove(actor: SignedIn, id: string): Promise<void> {
    const [user] = await contents.using(id)
    if (user !== undefined) throw new AppError('media.in_use', { status: 409, params: { content: user.name } })
    const { name } = await media.files.get(id)
    await media.files.remove(id)
    await audit.record({ actor, act: 'media.remove', subject: `media:${id}`, detail: { name } })
  },
})
