import { tags as endpoints, type Tag, type TagBoard, type TagExpiry } from '@zhiyin/shared/api/tags'
import type { TagSource } from '@zhiyin/shared/customer'
import { changeTags } from '../commands/change-tags.ts'
import type { tagByModel } from '../commands/tag-by-model.ts'
import type { TagsRead } from '../tags/read.ts'
import type { createTermsTrials } from '../tags/terms-trial.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof changeTags>[0] & {
  termsTrial: ReturnType<typeof createTermsTrials>
  byModel: ReturnType<typeof tagByModel>
  /** How many carry a tag, by who put it on. */
  countByKind: (tagId: string) => Promise<ReadonlyMap<TagSource, number>>
  tagsRead: Pick<TagsRead, 'list' | 'board'>
  /** How many customers carry each tag. */
  countByTag: () => Promise<ReadonlyMap<string, number>>
}

type Doc = { _id: string; name: string; group: string; wecomId: string | null }
const present = ({ _id, name, group, wecomId }: Doc): Tag => ({ id: _id, name, group, wecomId })
const conflictOf = <C extends { at: Date }>(conflict: C | null) =>
  conflict === null ? null : { ...conflict, at: conflict.at.toISOString() }
const expiryOf = (expiry: { days: number } | { at: Date } | null): TagExpiry | null =>
  expiry !== null && 'at' in expiry ? { at: expiry.at.toISOString() } : expiry
const termOf = (expiry: TagExpiry | null): { days: number } | { at: Date } | null =>
  expiry !== null && 'at' in expiry ? { at: new Date(expiry.at) } : expiry
const ok = { ok: true as const }

export const tagsApi = ({ tagsRead, countByTag, countByKind, byModel, termsTrial, ...deps }: Deps): Bound[] => {
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
          expiry: expiryOf(tag.expiry),
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
    bind(endpoints.setExclusive, async ({ actor, params, body }) => {
      await change.setExclusive(actor, params.id, body.exclusive)
      return ok
    }),
    bind(endpoints.setExpiry, async ({ actor, params, body: { expiry } }) => {
      await change.setExpiry(actor, params.id, termOf(expiry))
      return ok
    }),
    bind(endpoints.termsTrial, ({ body }) =>
      termsTrial('tagId' in body ? { tagId: body.tagId, expiry: termOf(body.expiry) } : body),
    ),
    bind(endpoints.kinds, async ({ params }) => ({
      items: [...(await countByKind(params.id))].map(([source, customers]) => ({ source, customers })),
    })),
    bind(endpoints.byModel, ({ actor, body }) => byModel(actor, body)),
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
