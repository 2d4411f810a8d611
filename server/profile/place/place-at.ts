import { because } from '@zhiyin/shared/because'
import { evaluate } from '../../conditions/evaluate.ts'
import { momentsOf } from '../../conditions/moments.ts'
import type { Subject } from '../../conditions/types.ts'
import { heldLevel, heldMoments } from '../levels/held.ts'
import type { Around } from '../levels/level.ts'
import { stageAt, stageBoundaries } from '../stage.ts'
import type { Definitions, TagRule } from '../types.ts'
import { Growing } from './growing.ts'
import { orderFor, type Judged } from './order.ts'
import type { Person } from './person.ts'
import type { LevelPlace, Membership, Place, RuleTag } from './place.ts'
import { aroundOf, findOut } from './stand.ts'

/** What of the place before has a bearing on the next. */
type Before = Pick<Place, 'stage' | 'levels' | 'ruleTags' | 'segments'>

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

/** What a rule asks for was found out before it, so that its reasons are the same once everything is. */
const ruleTag = (rule: TagRule, subject: Subject, at: Date, before: Before | null): RuleTag => {
  const { id: ruleId, name, tagId: id, tag, condition, version } = rule
  const held = before?.ruleTags.find((kept) => kept.id === id && kept.ruleId === ruleId)
  if (held?.version === version) return held
  const why = evaluate(condition, subject, at).because
  return {
    id,
    tag,
    ruleId,
    version,
    since: held?.since ?? at,
    because: [because('tag.by_tag_rule', { rule: name }), ...why],
  }
}

const membership = (id: string, at: Date, before: Before | null): Membership =>
  before?.segments.find((one) => one.id === id) ?? { id, since: at }

/** Where a customer stands at a moment. What is as before keeps its `since`, and a tag its reason as long as its rule says the same. */
export const placeAt = (person: Person, definitions: Definitions, at: Date, before: Before | null): Place => {
  const stage = stageAt(person.signals, definitions.stages, at)
  const since = before?.stage.stage === stage.stage ? before.stage.since : at
  const { subject, rules } = findOut(person, definitions, stage, at, (one, around) => levelIn(one, around, at, before))
  return {
    stage: { stage: stage.stage, because: stage.because, since },
    levels: subject.levels,
    tags: person.tags.at(at),
    endedTags: person.tags.endedAt(at),
    ruleTags: rules.map((rule) => ruleTag(rule, subject, at, before)),
    segments: subject.segments.map(({ id }) => membership(id, at, before)),
  }
}

/** The moments after `from` at which time alone may change where a customer stands, soonest first. */
export const momentsAfter = (person: Person, definitions: Definitions, from: Date, place: Place): Date[] => {
  const subject = new Growing(person, place.stage, definitions, from)
  const around = aroundOf(person, subject, place.stage, definitions, from)
  const moments = new Set<number>()
  const note = (dates: readonly Date[]): void => {
    for (const at of dates) if (at > from) moments.add(at.getTime())
  }
  note(stageBoundaries(person.signals, definitions.stages, from))
  note(person.attributes.moments(from))
  note(person.tags.expiries)
  for (const one of orderFor(definitions)) {
    if (one.kind !== 'scheme') {
      if (one.of.condition !== null) note(momentsOf(one.of.condition, subject, from))
    } else if (one.of.how.type === 'table') {
      for (const { condition } of one.of.how.rows) note(momentsOf(condition, subject, from))
    } else for (const at of heldMoments(one.of, around, from)) moments.add(at)
  }
  return [...moments].sort((a, b) => a - b).map((at) => new Date(at))
}
