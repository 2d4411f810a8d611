import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Tags } from '../tags/tags.ts'

type Deps = {
  tags: Pick<
    Tags,
    'create' | 'rename' | 'renameGroup' | 'remove' | 'removeGroup' | 'reorder' | 'seen' | 'setExclusive' | 'setExpiry'
  >
  audit: Audit
}

/** A manager changes tags and their groups, here and in WeCom. */
export const changeTags = ({ tags, audit }: Deps) => {
  const record = (actor: SignedIn, act: string, subject: string, detail: Record<string, unknown>): Promise<void> =>
    audit.record({ actor, act, subject, detail })
  return {
    create: async (actor: SignedIn, wanted: { name: string; group: string }) => {
      const tag = await tags.create(wanted)
      await record(actor, 'tag.create', `tag:${tag._id}`, { ...wanted, wecomId: tag.wecomId })
      return tag
    },
    rename: async (actor: SignedIn, id: string, name: string) => {
      const tag = await tags.rename(id, name)
      await record(actor, 'tag.rename', `tag:${id}`, { name })
      return tag
    },
    remove: async (actor: SignedIn, id: string) => {
      await tags.remove(id)
      await record(actor, 'tag.delete', `tag:${id}`, {})
    },
    renameGroup: async (actor: SignedIn, id: string, name: string) => {
      await tags.renameGroup(id, name)
      await record(actor, 'tag_group.rename', `tag_group:${id}`, { name })
    },
    removeGroup: async (actor: SignedIn, id: string) => {
      await tags.removeGroup(id)
      await record(actor, 'tag_group.delete', `tag_group:${id}`, {})
    },
    reorder: async (actor: SignedIn, groupId: string | null, ids: readonly string[]) => {
      await tags.reorder(groupId, ids)
      await record(actor, 'tag.reorder', `tag_group:${groupId ?? 'all'}`, { count: ids.length })
    },
    setExclusive: async (actor: SignedIn, id: string, exclusive: boolean) => {
      await tags.setExclusive(id, exclusive)
      await record(actor, 'tag_group.exclusive', `tag_group:${id}`, { exclusive })
    },
    setExpiry: async (actor: SignedIn, id: string, expiry: { days: number } | { at: Date } | null) => {
      await tags.setExpiry(id, expiry)
      await record(actor, 'tag.expiry', `tag:${id}`, { expiry })
    },
    seen: (id: string) => tags.seen(id),
  }
}
