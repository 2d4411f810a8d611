import { because, type Because } from '@zhiyin/shared/because'
import { dayMs } from '../state/merge.ts'
import type { CustomerState, TagEntry } from '../state/state.ts'
import type { TagTerms } from '../types.ts'

export type PutTag = Pick<TagEntry, 'id' | 'name' | 'putAt'>
/** A tag somebody put on that went off by itself, and why. */
export type EndedTag = PutTag & { readonly why: Because }

/** The tags that somebody put on, as they stand at a moment. */
export type PutTags = {
  at(now: Date): readonly PutTag[]
  endedAt(now: Date): readonly EndedTag[]
  /** Taken off by somebody, so that no rule puts them on again. */
  readonly offIds: ReadonlySet<string>
  /** When tags go off by themselves. */
  readonly expiries: readonly Date[]
}

/** When a tag goes off by itself; null where it does not. A day for all is of no matter to what is put on after it. */
export const expiryOf = ({ id, putAt }: Pick<TagEntry, 'id' | 'putAt'>, { expiry }: TagTerms): Date | null => {
  const term = expiry[id]
  if (term === undefined || putAt === null) return null
  if ('days' in term) return new Date(putAt.getTime() + term.days * dayMs)
  return putAt < term.at ? term.at : null
}

const weight = ({ source }: TagEntry): number => (source === 'model' ? 0 : 1)
const isLater = (a: TagEntry, b: TagEntry): boolean => {
  const [one, two] = [a.putAt?.getTime() ?? -Infinity, b.putAt?.getTime() ?? -Infinity]
  return one > two || (one === two && a.id > b.id)
}

/**
 * Whether putting `other` on has taken `tag` off: it was put on later, by a word of no less weight; or it is on by a person's or a
 * system's word where `tag` is a model's. Asked of all of a group it leaves one at most, whatever the order they were told in.
 */
const displaces = (other: TagEntry, tag: TagEntry, isOn: boolean): boolean =>
  weight(other) > weight(tag) ? isOn || isLater(other, tag) : weight(other) === weight(tag) && isLater(other, tag)

/** Of each group of which one at a time is on, the tags that were ever put on or taken off. */
const groupsOf = (tags: readonly TagEntry[], { exclusive }: TagTerms): TagEntry[][] => {
  if (exclusive.length === 0) return []
  const byId = new Map(tags.map((tag) => [tag.id, tag]))
  return exclusive.map((ids) => ids.flatMap((id) => byId.get(id) ?? [])).filter((group) => group.length > 1)
}

export const putTagsOf = ({ tags }: Pick<CustomerState, 'tags'>, terms: TagTerms): PutTags => {
  const on = tags.filter((tag) => tag.on)
  const groups = on.length === 0 ? [] : groupsOf(tags, terms)
  const isExpired = (tag: TagEntry, now: Date): boolean => {
    const at = expiryOf(tag, terms)
    return at !== null && at <= now
  }
  const whyEnded = (tag: TagEntry, now: Date): Because | null => {
    if (isExpired(tag, now)) return because('tag.expired')
    const other = groups
      .filter((group) => group.includes(tag))
      .flat()
      .find((one) => one !== tag && displaces(one, tag, one.on && !isExpired(one, now)))
    return other === undefined ? null : because('tag.exclusive', { tag: other.name })
  }
  const bare = ({ id, name, putAt }: TagEntry): PutTag => ({ id, name, putAt })
  return {
    at: (now) => on.filter((tag) => whyEnded(tag, now) === null).map(bare),
    endedAt: (now) =>
      on.flatMap((tag) => {
        const why = whyEnded(tag, now)
        return why === null ? [] : [{ ...bare(tag), why }]
      }),
    offIds: new Set(
      tags.flatMap(({ id, on: isOn, source }) => (!isOn && source !== 'rule' && source !== 'model' ? [id] : [])),
    ),
    expiries: on.flatMap((tag) => expiryOf(tag, terms) ?? []),
  }
}
