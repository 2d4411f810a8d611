import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { TermsOutcome, TermsTrial } from '../profile/read.ts'
import type { TagTerms } from '../profile/types.ts'
import type { TagsRead } from './read.ts'

/** What is to hold for a tag, or for the tags of a group. */
export type TermsWanted =
  | { readonly tagId: string; readonly expiry: { readonly days: number } | { readonly at: Date } | null }
  | { readonly groupId: string; readonly exclusive: boolean }

type Deps = {
  clock: Clock
  tagsRead: Pick<TagsRead, 'terms' | 'board'>
  trial: (trial: TermsTrial, at: Date) => Promise<TermsOutcome>
}

const without = (tagIds: readonly string[], groups: TagTerms['exclusive']): TagTerms['exclusive'] =>
  groups.filter((group) => !group.some((id) => tagIds.includes(id)))

/** Who would get a tag again, and who would lose one at once, by a change of what holds for it; writes nothing. Throws not_found. */
export const createTermsTrials =
  ({ clock, tagsRead, trial }: Deps) =>
  async (wanted: TermsWanted): Promise<TermsOutcome> => {
    const now = await tagsRead.terms()
    if ('tagId' in wanted) {
      const { [wanted.tagId]: _before, ...others } = now.expiry
      const expiry = wanted.expiry === null ? others : { ...others, [wanted.tagId]: wanted.expiry }
      return trial({ tagIds: [wanted.tagId], now, next: { ...now, expiry } }, clock.date())
    }
    const group = (await tagsRead.board()).groups.find(({ id }) => id === wanted.groupId)
    if (group === undefined) throw notFound('tag group', wanted.groupId)
    const tagIds = group.tags.map(({ id }) => id)
    const others = without(tagIds, now.exclusive)
    const exclusive = wanted.exclusive ? [...others, tagIds] : others
    return trial({ tagIds, now, next: { ...now, exclusive } }, clock.date())
  }
