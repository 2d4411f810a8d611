import type { ContentInput } from '@zhiyin/shared/content'
import type { Audit } from '../audit/audit.ts'
import type { Contents } from '../content/contents.ts'
import type { ContentItem } from '../content/read.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { contents: Pick<Contents, 'create' | 'update'>; audit: Audit }

/** A manager makes a content item (`id` null) or changes one. */
export const writeContent =
  ({ contents, audit }: Deps) =>
  async (actor: SignedIn, id: string | null, input: ContentInput): Promise<ContentItem> => {
    const by = nameOf(actor)
    const item = id === null ? await contents.create(input, by) : await contents.update(id, input, by)
    const act = id === null ? 'content.create' : 'content.update'
    await audit.record({ actor, act, subject: `content:${item.id}`, detail: { name: item.name } })
    return item
  }
