import { contents as endpoints } from '@zhiyin/shared/api/contents'
import type { Content } from '@zhiyin/shared/content'
import { writeContent } from '../commands/write-content.ts'
import type { Contents } from '../content/contents.ts'
import { byteLength } from '@zhiyin/shared/bytes'
import type { ContentItem } from '../content/read.ts'
import type { Preview } from '../content/preview.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof writeContent>[0] & { contents: Contents; preview: Preview }

const present = ({ id, name, body, variants, updatedAt, updatedBy }: ContentItem): Content => ({
  id,
  name,
  body,
  variants,
  updatedAt: updatedAt.toISOString(),
  updatedBy,
})

export const contentsApi = ({ contents, preview, ...deps }: Deps): Bound[] => {
  const write = writeContent({ ...deps, contents })
  return [
    bind(endpoints.list, async () => ({ items: (await contents.list()).map(present) })),
    bind(endpoints.get, async ({ params }) => present(await contents.get(params.id))),
    bind(endpoints.create, async ({ actor, body }) => present(await write(actor, null, body))),
    bind(endpoints.update, async ({ actor, params, body }) => present(await write(actor, params.id, body))),
    bind(endpoints.preview, async ({ body: { text, tier, customerId } }) => {
      const rendered = await preview({ text, tier: tier ?? null, customerId: customerId ?? null })
      return { text: rendered, bytes: byteLength(rendered) }
    }),
  ]
}
