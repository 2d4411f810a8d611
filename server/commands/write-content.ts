import type { MediaKind } from '@zhiyin/shared/api/media'
import type { Attachment, ContentInput, ContentSettings } from '@zhiyin/shared/content'
import type { Audit } from '../audit/audit.ts'
import { bodiesOf } from '../content/check.ts'
import { assetsIn, type Contents } from '../content/contents.ts'
import type { ContentItem } from '../content/read.ts'
import type { Coupons } from '../coupons/coupons.ts'
import type { Media } from '../media/read.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'

type Deps = {
  contents: Pick<Contents, 'create' | 'update' | 'rollBack' | 'approve' | 'settings'>
  coupons: Pick<Coupons, 'get'>
  media: Pick<Media, 'prefetch'> & { files: Pick<Media['files'], 'get'> }
  audit: Audit
}

/** The name that is shown, and what tells two of one name apart. */
const writerOf = (actor: SignedIn): [string, string] => [
  nameOf(actor),
  actor.kind === 'member' ? actor.userid : `key:${actor.name}`,
]

const kindOf = ({ type }: Attachment): MediaKind | null =>
  type === 'miniprogram' ? 'image' : type === 'link' ? null : type

/** What managers do to content items, each with its entry in the audit. */
export const writeContent = ({ contents, coupons, media, audit }: Deps) => {
  const note = (actor: SignedIn, verb: string, { id, name, version }: ContentItem) =>
    audit.record({ actor, act: `content.${verb}`, subject: `content:${id}`, detail: { name, version } })

  return {
    /**
     * Makes a content item (`id` null) or changes one. Its files must be there and of the right kind, its batches of coupons too; the
     * files are put into WeCom at once. Throws content.*, not_found.
     */
    async write(actor: SignedIn, id: string | null, input: ContentInput): Promise<ContentItem> {
      for (const { body, couponId } of bodiesOf(input)) {
        if (couponId !== null) await coupons.get(couponId)
        for (const one of body.attachments) {
          const needs = kindOf(one)
          if (needs === null || !('assetId' in one)) continue
          const { kind: is } = await media.files.get(one.assetId)
          if (is !== needs) throw new AppError('content.kind', { status: 422, params: { name: one.name, is, needs } })
        }
      }
      const by = writerOf(actor)
      const item = id === null ? await contents.create(input, ...by) : await contents.update(id, input, ...by)
      await media.prefetch(assetsIn(input))
      await note(actor, id === null ? 'create' : 'update', item)
      return item
    },
    /** Makes an earlier version the newest one again. */
    async rollBack(actor: SignedIn, id: string, version: number): Promise<ContentItem> {
      const item = await contents.rollBack(id, version, ...writerOf(actor))
      await media.prefetch(assetsIn(item))
      await note(actor, 'roll_back', item)
      return item
    },
    /** A second person approves the newest version. */
    async approve(actor: SignedIn, id: string, version: number): Promise<ContentItem> {
      const item = await contents.approve(id, version, ...writerOf(actor))
      await note(actor, 'approve', item)
      return item
    },
    async configure(actor: SignedIn, settings: ContentSettings): Promise<ContentSettings> {
      const changed = await contents.settings.set(settings)
      await audit.record({ actor, act: 'content.configure', subject: 'content:settings', detail: { ...changed } })
      return changed
    },
  }
}
