import { tags as endpoints, type Tag } from '@zhiyin/shared/api/tags'
import { createTagCommand } from '../commands/create-tag.ts'
import type { TagView, TagsRead } from '../tags/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof createTagCommand>[0] & { tagsRead: Pick<TagsRead, 'list'> }

const present = ({ id, name, group, wecomId }: TagView): Tag => ({ id, name, group, wecomId })

export const tagsApi = ({ tagsRead, ...deps }: Deps): Bound[] => {
  const create = createTagCommand(deps)
  return [
    bind(endpoints.list, async () => ({ items: (await tagsRead.list()).map(present) })),
    bind(endpoints.create, async ({ actor, body }) => present(await create(actor, body))),
  ]
}
