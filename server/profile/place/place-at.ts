import { because } from '@zhiyin/shared/because'
import { evaluate } from '../../conditions/evaluate.ts'
import { momentsOf } from '../../conditions/moments.ts'
import type { Subject } from '../../conditions/types.ts'
import { heldLevel, heldMoments } from '../levels/held.ts'
import type { Around } from '../levels/level.ts'
import { stageAt, stageBoundaries } from '../stage.ts'
import type { Definitions, SegmentRule } from '../types.ts'
import { orderFor, type Judged } from './order.ts'
import type { Person } from './person.ts'
import type { LevelPlace, Membership, Place, RuleTag } from './place.ts'

/** What of the place before has a bearing on the next. */
type Before = Pick<Place, 'stage' | 'levels' | 'ruleTags' | 'segments'>

/** A subject while it is found out, thing by thing. */
type Growing = Subject & {
  tier: { tier: LevelPlace['tier'] }
  readonly levels: LevelPlace[]
  readonly tagIds: string[]
  readonly segments: Membership[]
}

const growing = (person: Person, stage: Place['stage'], definitions: Definitions, at: Date): Growing => ({
  stage,
  // Nobody asks for the tier before the primary scheme has found it.
  tier: { tier: definitions.schemes[0].levels.at(-1)?.tier ?? 'C' },
  levels: [],
  tagIds: person.tags.at(at).map(({ id }) => id),
  segments: [],
  groupIds: person.groupIds,
  orders: person.signals.orders.length,
  lastSeenAt: person.signals.lastSeenAt,
  lastOrderAt: person.signals.lastOrderAt,
  medianGapDays: person.signals.medianGapDays,
  attrs: person.attributes.at(at),
  events: person.events,
})

const aroundOf = (person: Person, subject: Subject, stage: Place['stage'], at: Date): Around => ({
  ordersAt: person.ordersAt,
  touchedAt: person.touchedAt,
  stage,
  meets: (condition) => evaluate(condition, subject, at),
})

const levelIn = (
  one: Extract<Judged, { kind: 'scheme' }>,
  around: Around,
  at: Date,
  before: Before | null,
): LevelPlace => {
  const { place, because, next, rfm } = heldLevel(one.of, around, at)
  const level = one.of.levels[place] ?? one.of.levels.at(-1)
  const held = before?.levels.find(({ scheme }) => scheme === one.of.id)
  return {
    scheme: one.of.id,
    level: level?.key ?? '',
    tier: level?.tier ?? 'C',
    since: held !== undefined && held.level === level?.key ? held.since : at,
    because: [...because, ...next],
    rfm,
  }
}

/** On a static list is whom somebody put there. */
const isIn = ({ id, condition }: SegmentRule, person: Person, subject: Subject, at: Date): boolean =>
  condition === null ? person.lists.has(id) : person.profiled && evaluate(condition, subject, at).met

/** Where a customer stands at a moment. What is as before keeps its `since`, and a tag its reason. */
export const placeAt = (person: Person, definitions: Definitions, at: Date, before: Before | null): Place => {
  const { stage, because: reasons } = stageAt(person.signals, definitions.stages, at)
  const standing = { stage, because: reasons, since: before?.stage.stage === stage ? before.stage.since : at }
  const subject = growing(person, standing, definitions, at)
  const around = aroundOf(person, subject, standing, at)
  const ruleTags: RuleTag[] = []
  // Of a group of which one tag is on, what somebody put on comes before rules, and a rule before those after it.
  const hasSibling = (id: string): boolean =>
    definitions.tags.exclusive.some((group) => group.includes(id) && group.some((one) => subject.tagIds.includes(one)))
  for (const one of orderFor(definitions)) {
    if (one.kind === 'scheme') {
      const level = levelIn(one, around, at, before)
      if (one.primary) {
        subject.levels.unshift(level)
        subject.tier = { tier: level.tier }
      } else subject.levels.push(level)
      continue
    }
    if (one.kind === 'segment') {
      if (isIn(one.of, person, subject, at))
        subject.segments.push(before?.segments.find(({ id }) => id === one.of.id) ?? { id: one.of.id, since: at })
      continue
    }
    // Stage and tier say what was bought and when; what is guessed from that needs that they have not refused to be profiled.
    if (!person.profiled) continue
    const verdict = evaluate(one.of.condition, subject, at)
    if (!verdict.met) continue
    const { id: ruleId, name, tagId: id, tag } = one.of
    if (person.tags.offIds.has(id) || subject.tagIds.includes(id) || hasSibling(id)) continue
    const held = before?.ruleTags.find((kept) => kept.id === id && kept.ruleId === ruleId)
    ruleTags.push(
      held ?? {
        id,
        tag,
        ruleId,
        since: at,
        because: [because('tag.by_tag_rule', { rule: name }), ...verdict.because],
      },
    )
    subject.tagIds.push(id)
  }
  return {
    stage: standing,
    levels: subject.levels,
    tags: person.tags.at(at),
    endedTags: person.tags.endedAt(at),
    ruleTags,
    segments: subject.segments,
  }
}

/** The moments after `from` at which time alone may change where a customer stands, soonest first. */
export const momentsAfter = (person: Person, definitions: Definitions, from: Date, place: Place): Date[] => {
  const subject = { ...growing(person, place.stage, definitions, from), levels: place.levels, segments: place.segments }
  const around = aroundOf(person, subject, place.stage, from)
  const moments = orderFor(definitions).flatMap((one) => {
    if (one.kind !== 'scheme') return one.of.condition === null ? [] : momentsOf(one.of.condition, subject, from)
    const { how } = one.of
    return how.type === 'table'
      ? how.rows.flatMap(({ condition }) => momentsOf(condition, subject, from))
      : heldMoments(one.of, around, from)
  })
  const all = [
    ...stageBoundaries(person.signals, definitions.stages, from),
    ...person.attributes.moments(from),
    ...person.tags.expiries.filter((at) => at > from),
    ...moments,
  ]
  return [...new Set(all.map((at) => at.getTime()))].sort((a, b) => a - b).map((at) => new Date(at))
}
