import { tags as endpoints, type Tag, type TagBoard } from '@zhiyin/shared/api/tags'
import { changeTags } from '../commands/change-tags.ts'
import type { TagsRead } from '../tags/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof changeTags>[0] & {
  tagsRead: Pick<TagsRead, 'list' | 'board'>
  /** How many customers carry each tag. */
  countByTag: () => Promise<ReadonlyMap<string, number>>
}

type Doc = { _id: string; name: string; group: string; wecomId: string | null }
const present = ({ _id, name, group, wecomId }: Doc): Tag => ({ id: _id, name, group, wecomId })
const conflictOf = <C extends { at: Date }>(conflict: C | null) =>
  conflict === null ? null : { ...conflict, at: conflict.at.toISOString() }
const ok = { ok: true as const }

export const tagsApi = ({ tagsRead, countByTag, ...deps }: Deps): Bound[] => {
  const change = changeTags(deps)

  const board = async (): Promise<TagBoard> => {
    const [{ groups, used, most }, counts] = await Promise.all([tagsRead.board(), countByTag()])
    return {
      used,
      most,
      groups: groups.map((group) => ({
        ...group,
        conflict: conflictOf(group.conflict),
        tags: group.tags.map(({ deleted: _deleted, ...tag }) => ({
          ...tag,
          conflict: conflictOf(tag.conflict),
          customers: counts.get(tag.id) ?? 0,
        })),
      })),
    }
  }

  return [
    bind(endpoints.list, async () => ({
      items: (await tagsRead.list()).map(({ id, name, group, wecomId }) => ({ id, name, group, wecomId })),
    })),
    bind(endpoints.board, board),
    bind(endpoints.create, async ({ actor, body }) => present(await change.create(actor, body))),
    bind(endpoints.reorder, async ({ actor, body }) => {
      await change.reorder(actor, body.groupId, body.ids)
      return ok
    }),
    bind(endpoints.rename, async ({ actor, params, body }) =>
      present(await change.rename(actor, params.id, body.name)),
    ),
    bind(endpoints.remove, async ({ actor, params }) => {
      await change.remove(actor, params.id)
      return ok
    }),
    bind(endpoints.seen, async ({ params }) => {
      await change.seen(params.id)
      return ok
    }),
    bind(endpoints.renameGroup, async ({ actor, params, body }) => {
      await change.renameGroup(actor, params.id, body.name)
      return ok
    }),
    bind(endpoints.removeGroup, async ({ actor, params }) => {
      await change.removeGroup(actor, params.id)
      return ok
    }),
  ]
}
