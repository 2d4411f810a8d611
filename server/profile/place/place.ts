import type { Because } from '@zhiyin/shared/because'
import type { Stage } from '@zhiyin/shared/stage'
import type { RfmGroup, RfmScores, Tier } from '@zhiyin/shared/tier'
import type { EndedTag, PutTag } from './put-tags.ts'

/** The scores behind a level of an RFM scheme. */
export type RfmDetail = { readonly scores: RfmScores; readonly group: RfmGroup }

/** A customer's level in one scheme. */
export type LevelPlace = {
  readonly scheme: string
  readonly level: string
  readonly tier: Tier
  readonly since: Date
  readonly because: readonly Because[]
  readonly rfm: RfmDetail | null
}

/** A tag that a tag rule keeps on. */
export type RuleTag = {
  readonly id: string
  readonly tag: string
  readonly ruleId: string
  readonly since: Date
  readonly because: readonly Because[]
}

export type Membership = { readonly id: string; readonly since: Date }

/** Where a customer stands: stage, a level in every scheme (the primary one first), the tags of rules, the segments they are in. */
export type Place = {
  readonly stage: { readonly stage: Stage; readonly since: Date; readonly because: readonly Because[] }
  readonly levels: readonly LevelPlace[]
  /** Tags that somebody put on: those that stand, and those that went off by themselves. */
  readonly tags: readonly PutTag[]
  readonly endedTags: readonly EndedTag[]
  readonly ruleTags: readonly RuleTag[]
  readonly segments: readonly Membership[]
}

/** A move, at the moment it happened. */
export type Move =
  | { readonly kind: 'stage'; readonly at: Date; readonly from: Stage; readonly to: Place['stage'] }
  | { readonly kind: 'level'; readonly at: Date; readonly from: LevelPlace; readonly to: LevelPlace }
  | { readonly kind: 'tag_on' | 'tag_off'; readonly at: Date; readonly tag: RuleTag }
  | { readonly kind: 'tag_ended'; readonly at: Date; readonly tag: EndedTag }
  | { readonly kind: 'entered' | 'left'; readonly at: Date; readonly segment: string }

const has = (tags: readonly { readonly id: string }[], id: string): boolean => tags.some((tag) => tag.id === id)

/** A tag that stays on, by a rule instead of somebody's hand or the other way round, does not move. */
const tagMoves = (before: Place, place: Place, at: Date): Move[] => [
  ...place.endedTags.flatMap((tag): Move[] => {
    const known = has(before.endedTags, tag.id) || has(before.ruleTags, tag.id) || has(place.ruleTags, tag.id)
    return known ? [] : [{ kind: 'tag_ended', at, tag }]
  }),
  ...before.ruleTags.flatMap((tag): Move[] =>
    has(place.ruleTags, tag.id) || has(place.tags, tag.id) ? [] : [{ kind: 'tag_off', at, tag }],
  ),
  ...place.ruleTags.flatMap((tag): Move[] =>
    has(before.ruleTags, tag.id) || has(before.tags, tag.id) ? [] : [{ kind: 'tag_on', at, tag }],
  ),
]

/** What changed between two places. A scheme that is new has no move: nobody was anywhere in it before. */
export const movesBetween = (before: Place, place: Place, at: Date): Move[] => {
  const moves: Move[] = []
  if (before.stage.stage !== place.stage.stage)
    moves.push({ kind: 'stage', at, from: before.stage.stage, to: place.stage })
  for (const to of place.levels) {
    const from = before.levels.find(({ scheme }) => scheme === to.scheme)
    if (from !== undefined && from.level !== to.level) moves.push({ kind: 'level', at, from, to })
  }
  moves.push(...tagMoves(before, place, at))
  for (const { id } of before.segments)
    if (!place.segments.some((one) => one.id === id)) moves.push({ kind: 'left', at, segment: id })
  for (const { id } of place.segments)
    if (!before.segments.some((one) => one.id === id)) moves.push({ kind: 'entered', at, segment: id })
  return moves
}

const sameScores = (a: RfmDetail | null, b: RfmDetail | null): boolean =>
  a === b ||
  (a !== null && b !== null && a.scores.r === b.scores.r && a.scores.f === b.scores.f && a.scores.m === b.scores.m)

/** Whether two places differ in anything that is kept, scores included. */
export const differs = (a: Place, b: Place): boolean =>
  movesBetween(a, b, a.stage.since).length > 0 ||
  a.levels.some(({ rfm }, i) => !sameScores(rfm, b.levels[i]?.rfm ?? null))
