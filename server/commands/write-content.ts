import type { MediaKind } from '@zhiyin/shared/api/media'
import type { Attachment, ContentInput } from '@zhiyin/shared/content'
import type { Audit } from '../audit/audit.ts'
import { assetsIn, type Contents } from '../content/contents.ts'
import type { ContentItem } from '../content/read.ts'
import type { Media } from '../media/read.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'

type Deps = {
  contents: Pick<Contents, 'create' | 'update'>
  media: Pick<Media, 'prefetch'> & { files: Pick<Media['files'], 'get'> }
  audit: Audit
}

const kindOf = ({ type }: Attachment): MediaKind | null =>
  type === 'miniprogram' ? 'image' : type === 'link' ? null : type

/** A manager makes a content item (`id` null) or changes one. Its files must be there and of the right kind; they are put into WeCom at once. */
export const writeContent =
  ({ contents, media, audit }: Deps) =>
  async (actor: SignedIn, id: string | null, input: ContentInput): Promise<ContentItem> => {
    const by = nameOf(actor)
    for (const one of [input.body, ...Object.values(input.variants)].flatMap((body) => body?.attachments ?? [])) {
      const kind = kindOf(one)
      if (kind === null || !('assetId' in one)) continue
      const asset = await media.files.get(one.assetId)
      if (asset.kind !== kind)
        throw new AppError('request.invalid', { params: { field: one.name, problem: `${asset.kind} ≠ ${kind}` } })
    }
    const item = id === null ? await contents.create(input, by) : await contents.update(id, input, by)
    await media.prefetch(assetsIn(input))
    const act = id === null ? 'content.create' : 'content.update'
    await audit.record({ actor, act, subject: `content:${item.id}`, detail: { name: item.name } })
    return item
  }
