import { contents as endpoints } from '@zhiyin/shared/api/contents'
import { byteLength } from '@zhiyin/shared/bytes'
import type { Content, ContentState, ContentVersion } from '@zhiyin/shared/content'
import { ownCustomer, type OnCustomerDeps } from '../commands/on-customer.ts'
import { writeContent } from '../commands/write-content.ts'
import type { Contents } from '../content/contents.ts'
import type { VersionItem } from '../content/item.ts'
import type { Preview } from '../content/preview.ts'
import type { ContentItem } from '../content/read.ts'
import type { createVariants } from '../measure/variants.ts'
import type { Looking } from '../privacy/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof writeContent>[0] & {
  contents: Contents
  preview: Preview
  /** What became of each variant. */
  variants: ReturnType<typeof createVariants>
  read: OnCustomerDeps['read']
  look: Pick<Looking, 'at'>
}

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null

const present = ({ item, state }: { item: ContentItem; state: ContentState }): Content => {
  const { id, name, folder, body, variants, couponId, version, approved, expiresAt, updatedAt, updatedBy } = item
  return {
    id,
    name,
    folder,
    body,
    variants,
    couponId,
    expiresAt: isoOf(expiresAt),
    version,
    state,
    approved: approved && { version: approved.version, by: approved.by, at: approved.at.toISOString() },
    updatedAt: updatedAt.toISOString(),
    updatedBy,
  }
}

const presentVersion = ({
  name,
  body,
  variants,
  couponId,
  version,
  at,
  by,
  approved,
}: VersionItem): ContentVersion => ({
  name,
  body,
  variants,
  couponId,
  version,
  at: at.toISOString(),
  by,
  approved: approved && { by: approved.by, at: approved.at.toISOString() },
})

export const contentsApi = ({ contents, preview, variants, read, look, ...deps }: Deps): Bound[] => {
  const { write, rollBack, approve, configure } = writeContent({ ...deps, contents })
  const one = async (item: ContentItem): Promise<Content> => {
    const [shown] = (await contents.stateOf([item])).map(present)
    if (shown === undefined) throw new Error('presented nothing')
    return shown
  }
  return [
    bind(endpoints.list, async () => ({
      items: (await contents.stateOf(await contents.list())).map(present),
      settings: await contents.settings.get(),
    })),
    bind(endpoints.get, async ({ params }) => one(await contents.get(params.id))),
    bind(endpoints.create, async ({ actor, body }) => one(await write(actor, null, body))),
    bind(endpoints.update, async ({ actor, params, body }) => one(await write(actor, params.id, body))),
    bind(endpoints.versions, async ({ params }) => ({
      items: (await contents.versions((await contents.get(params.id)).id)).map(presentVersion),
    })),
    bind(endpoints.rollBack, async ({ actor, params, body }) => one(await rollBack(actor, params.id, body.version))),
    bind(endpoints.approve, async ({ actor, params, body }) => one(await approve(actor, params.id, body.version))),
    bind(endpoints.configure, ({ actor, body }) => configure(actor, body)),
    bind(endpoints.results, async ({ params }) => ({
      items: await variants((await contents.get(params.id)).id),
    })),
    bind(endpoints.variables, async () => ({ items: [...(await contents.catalog()).list] })),
    bind(endpoints.preview, async ({ actor, body: { texts, tier, stage, customerId, couponId } }) => {
      const view = customerId === undefined ? null : await ownCustomer(read, actor, customerId)
      const asked = { texts, view, tier: tier ?? null, stage: stage ?? null, couponId: couponId ?? null }
      const made = await preview(asked)
      const rendered = view === null ? made : await look.at(actor, view, made)
      return {
        texts: rendered.texts.map((text) => ({ text, bytes: byteLength(text) })),
        fallbacks: rendered.fallbacks.map(({ path, name, nameEn }) => ({ path, name, nameEn })),
      }
    }),
  ]
}
