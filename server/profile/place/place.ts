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
  /** Of the rule whose reason it is; absent in what was kept before. */
  readonly version?: number
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
  | { readonly kind: 'tag_back'; readonly at: Date; readonly tag: PutTag }
  | { readonly kind: 'entered' | 'left'; readonly at: Date; readonly segment: string }

type Ids = readonly { readonly id: string }[]
type Tags = { readonly tags: Ids; readonly endedTags: Ids; readonly ruleTags: Ids }

type Scored = Pick<RfmDetail, 'scores'> | null
/** A place without why and since when. */
export type Standing = Tags & {
  readonly stage: { readonly stage: Stage }
  readonly levels: readonly (Pick<LevelPlace, 'scheme' | 'level'> & { readonly rfm: Scored })[]
  readonly segments: Ids
}

const has = (tags: Ids, id: string): boolean => tags.some((tag) => tag.id === id)

/** A tag that stays on, by a rule instead of somebody's hand or the other way round, does not move. */
const hasEnded = (before: Tags, { ruleTags }: Tags, id: string): boolean =>
  !has(before.endedTags, id) && !has(before.ruleTags, id) && !has(ruleTags, id)
const isOn = ({ tags, ruleTags }: Tags, id: string): boolean => has(ruleTags, id) || has(tags, id)

/** A tag that had ended stands again without anybody having put it on since: what kept it off does so no longer. */
const isBack = ({ endedTags, ruleTags }: Pick<Place, 'endedTags'> & Pick<Tags, 'ruleTags'>, tag: PutTag): boolean =>
  endedTags.some(({ id, putAt }) => id === tag.id && putAt?.getTime() === tag.putAt?.getTime()) &&
  !has(ruleTags, tag.id)

/** What changed between two places. A scheme that is new has no move: nobody was anywhere in it before. */
export const movesBetween = (before: Place, place: Place, at: Date): Move[] => {
  const moves: Move[] = []
  if (before.stage.stage !== place.stage.stage)
    moves.push({ kind: 'stage', at, from: before.stage.stage, to: place.stage })
  for (const to of place.levels) {
    const from = before.levels.find(({ scheme }) => scheme === to.scheme)
    if (from !== undefined && from.level !== to.level) moves.push({ kind: 'level', at, from, to })
  }
  for (const tag of place.endedTags) if (hasEnded(before, place, tag.id)) moves.push({ kind: 'tag_ended', at, tag })
  for (const tag of place.tags) if (isBack(before, tag)) moves.push({ kind: 'tag_back', at, tag })
  for (const tag of before.ruleTags) if (!isOn(place, tag.id)) moves.push({ kind: 'tag_off', at, tag })
  for (const tag of place.ruleTags) if (!isOn(before, tag.id)) moves.push({ kind: 'tag_on', at, tag })
  for (const { id } of before.segments) if (!has(place.segments, id)) moves.push({ kind: 'left', at, segment: id })
  for (const { id } of place.segments) if (!has(before.segments, id)) moves.push({ kind: 'entered', at, segment: id })
  return moves
}

const sameScores = (a: Scored, b: Scored): boolean =>
  a === b ||
  (a !== null && b !== null && a.scores.r === b.scores.r && a.scores.f === b.scores.f && a.scores.m === b.scores.m)

/** Whether two places differ in anything that is kept: by a move, or by scores. */
export const differs = (before: Standing, place: Standing): boolean =>
  before.stage.stage !== place.stage.stage ||
  place.levels.some(
    ({ scheme, level }) => (before.levels.find((one) => one.scheme === scheme)?.level ?? level) !== level,
  ) ||
  place.endedTags.some(({ id }) => hasEnded(before, place, id)) ||
  before.endedTags.some(({ id }) => has(place.tags, id) && !has(before.ruleTags, id)) ||
  before.ruleTags.some(({ id }) => !isOn(place, id)) ||
  place.ruleTags.some(({ id }) => !isOn(before, id)) ||
  before.segments.some(({ id }) => !has(place.segments, id)) ||
  place.segments.some(({ id }) => !has(before.segments, id)) ||
  before.levels.some(({ rfm }, i) => !sameScores(rfm, place.levels[i]?.rfm ?? null))
