import { evaluate } from '../../conditions/evaluate.ts'
import { meets } from '../../conditions/meets.ts'
import type { Subject } from '../../conditions/types.ts'
import { heldPlace } from '../levels/held.ts'
import type { Around } from '../levels/level.ts'
import { stageAt, type StageAnswer } from '../stage.ts'
import { stageTakes } from '../stage-takes.ts'
import type { Definitions, SegmentRule, TagRule } from '../types.ts'
import { Growing } from './growing.ts'
import { orderFor, type Judged } from './order.ts'
import type { Person } from './person.ts'
import type { LevelPlace, Standing } from './place.ts'

type Scheme = Extract<Judged, { kind: 'scheme' }>

/** What schemes may look at of somebody at a moment. */
export const aroundOf = (
  person: Person,
  subject: Subject,
  stage: StageAnswer,
  { stages }: Pick<Definitions, 'stages'>,
  at: Date,
): Around => ({
  ordersAt: person.ordersAt,
  touchedAt: person.touchedAt,
  stage,
  stageTakes: (to) => stageTakes(person.signals, stages, to),
  meets: (condition) => meets(condition, subject, at),
  why: (condition) => evaluate(condition, subject, at).because,
})

/** On a static list is whom somebody put there. */
const isIn = ({ id, condition }: SegmentRule, person: Person, subject: Subject, at: Date): boolean =>
  condition === null ? person.lists.has(id) : person.profiled && meets(condition, subject, at)

/** Of a group of which one tag is on, what somebody put on comes before rules, and a rule before those after it. */
const hasSibling = (id: string, tagIds: readonly string[], { tags }: Definitions): boolean =>
  tags.exclusive.some((group) => group.includes(id) && group.some((one) => tagIds.includes(one)))

/**
 * Finds out everything of somebody at a moment, each after what it asks for: the tag rules that hold are answered, the rest has grown in
 * the subject. `levelOf` says how much is found out of a level.
 */
export const findOut = <L extends Pick<LevelPlace, 'scheme' | 'level' | 'tier'>>(
  person: Person,
  definitions: Definitions,
  stage: StageAnswer,
  at: Date,
  levelOf: (one: Scheme, around: Around) => L,
): { readonly subject: Growing<L>; readonly rules: readonly TagRule[] } => {
  const subject = new Growing<L>(person, stage, definitions, at)
  const around = aroundOf(person, subject, stage, definitions, at)
  const rules: TagRule[] = []
  for (const one of orderFor(definitions)) {
    if (one.kind === 'scheme') {
      const level = levelOf(one, around)
      if (one.primary) {
        subject.levels.unshift(level)
        subject.tier = level
      } else subject.levels.push(level)
    } else if (one.kind === 'segment') {
      if (isIn(one.of, person, subject, at)) subject.segments.push({ id: one.of.id })
      // Stage and tier say what was bought and when; what is guessed from that needs that they have not refused to be profiled.
    } else if (person.profiled && meets(one.of.condition, subject, at)) {
      const { tagId } = one.of
      const isOff = person.tags.offIds.has(tagId) || subject.tagIds.includes(tagId)
      if (isOff || hasSibling(tagId, subject.tagIds, definitions)) continue
      rules.push(one.of)
      subject.tagIds.push(tagId)
    }
  }
  return { subject, rules }
}

const bareLevel = ({ of }: Scheme, around: Around, at: Date) => {
  const { place, scores } = heldPlace(of, around, at)
  const level = of.levels[place] ?? of.levels.at(-1)
  return {
    scheme: of.id,
    level: level?.key ?? '',
    tier: level?.tier ?? 'C',
    rfm: scores === null ? null : { scores },
  }
}

/** Where a customer stands at a moment, without why and since when: enough to see whether time has changed anything. */
export const standingAt = (person: Person, definitions: Definitions, at: Date): Standing => {
  const stage = stageAt(person.signals, definitions.stages, at)
  const { subject, rules } = findOut(person, definitions, stage, at, (one, around) => bareLevel(one, around, at))
  return {
    stage,
    levels: subject.levels,
    tags: person.tags.at(at),
    endedTags: person.tags.endedAt(at),
    ruleTags: rules.map(({ tagId: id }) => ({ id })),
    segments: subject.segments,
  }
}
