import type { WecomRead } from '../../wecom/types.ts'
import type { Difference } from '../gaps.ts'
import { checkBrake, type Part } from './part.ts'

type Tag = { readonly wecomId: string; readonly name: string; readonly group: string }

type Deps = {
  wecom: Pick<WecomRead, 'corpTags'>
  /** Our tags that are in WeCom too. */
  known: () => Promise<readonly Tag[]>
  /** Takes over the whole list, where nothing is known yet. */
  takeOver: () => Promise<unknown>
}

/** Corp tags: one call lists them all. */
export const createTagsPart = ({ wecom, known, takeOver }: Deps): Part => ({
  step: async ({ run, suspect }) => {
    const ours = new Map((await known()).map((tag) => [tag.wecomId, tag]))
    if (ours.size === 0) {
      await takeOver()
      return { place: null }
    }
    const groups = await wecom.corpTags()
    const theirs = new Map(
      groups.flatMap((group) => group.tags.map(({ id, name }) => [id, { name, group: group.name }] as const)),
    )
    const missing = [...ours.keys()].filter((id) => !theirs.has(id))
    checkBrake(run, missing.length, ours.size)
    const changed = [...theirs].flatMap(([tagId, now]): Difference[] => {
      const before = ours.get(tagId)
      if (before === undefined) return [{ kind: 'tag.created', subject: { tagId } }]
      const same = before.name === now.name && before.group === now.group
      return same ? [] : [{ kind: 'tag.changed', subject: { tagId } }]
    })
    await suspect([...changed, ...missing.map((tagId) => ({ kind: 'tag.deleted' as const, subject: { tagId } }))])
    return { place: null }
  },
})
