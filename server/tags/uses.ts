import { leavesOf, type Condition } from '@zhiyin/shared/condition'
import { AppError } from '../platform/errors.ts'

/** Something that asks for tags in its conditions, or names them: puts them on, takes them off, begins with them. */
export type TagUse = {
  readonly name: string
  readonly conditions: readonly Condition[]
  readonly tagIds?: readonly string[]
}

/** Every tag that something asks for. */
export const usedTags = (uses: readonly TagUse[]): ReadonlySet<string> =>
  new Set(
    uses.flatMap(({ conditions, tagIds = [] }) => [
      ...tagIds,
      ...conditions.flatMap(leavesOf).flatMap((leaf) => (leaf.type === 'tag' ? [leaf.tagId] : [])),
    ]),
  )

/** Throws tag.in_use, which names what asks for one of these tags. */
export const refuseUsed = (name: string, tagIds: readonly string[], all: readonly TagUse[]): void => {
  const uses = all.filter((use) => {
    const used = usedTags([use])
    return tagIds.some((id) => used.has(id))
  })
  if (uses.length === 0) return
  const shown = uses.slice(0, 5).map((use) => `「${use.name}」`)
  throw new AppError('tag.in_use', {
    status: 409,
    params: { name, uses: `${shown.join('、')}${uses.length > shown.length ? '…' : ''}` },
  })
}
