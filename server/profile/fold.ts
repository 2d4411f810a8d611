import { because } from '@zhiyin/shared/because'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { CustomerDoc } from './customers.model.ts'
import { lookUpOf } from './look-up.ts'
import { personOf, type Person } from './place/person.ts'
import { movesBetween, type Move, type Place } from './place/place.ts'
import { placeAt } from './place/place-at.ts'
import { storedAttrs, storedPlace } from './place/stored.ts'
import { firstMoves, tell } from './place/tell.ts'
import { applyFacts } from './state/apply.ts'
import type { Definitions } from './types.ts'
import type { Unread } from './unread.ts'
import { knownSegments } from './version.ts'
import { letTimePass } from './work-out.ts'

type Written = Omit<CustomerDoc, '_id' | 'createdAt' | 'contact' | 'rev'>

/** What a customer is worked out of. */
export type Basis = Omit<CustomerDoc, Unread>

/** What became of a customer: the fields to write, and the facts that tell of what moved. */
export type Outcome = { readonly set: Written; readonly derived: readonly NewFact[] }

const clamp = (at: Date, from: Date, to: Date): Date => (at < from ? from : at > to ? to : at)

const placeOf = ({ stage, levels, ruleTags, segments, tagIds, state }: Basis): Place => {
  const standing = new Set(tagIds)
  const on = state.tags.filter((tag) => tag.on)
  return {
    stage,
    levels,
    tags: on.filter(({ id }) => standing.has(id)),
    endedTags: on.filter(({ id }) => !standing.has(id)).map((tag) => ({ ...tag, why: because('tag.expired') })),
    ruleTags,
    segments,
  }
}

/** The segments a customer was worked out with before; null: all that are defined. */
type Known = ReadonlySet<string> | null

const knownTo = (doc: Basis, definitions: Definitions): Known =>
  doc.definitions === definitions.version ? null : knownSegments(doc.definitions, definitions)

/**
 * The place a customer begins from. Whoever is in a segment that is new to them was not outside it before, and one that is there no more
 * is left by nobody; who comes into the others, or leaves them, by whatever else was changed does so.
 */
const placeBefore = (doc: Basis, definitions: Definitions, person: Person, known: Known, at: Date): Place => {
  const before = placeOf(doc)
  if (known === null) return before
  const segments = before.segments.filter(({ id }) => known.has(id))
  if (known.size === definitions.segments.length) return { ...before, segments }
  const now = placeAt(person, definitions, at, before)
  return { ...before, segments: [...segments, ...now.segments.filter(({ id }) => !known.has(id))] }
}

/** Time passes up to a moment. Where nothing was due until then, which is known, nothing is worked out for it. */
const placeUntil = (
  doc: Basis,
  definitions: Definitions,
  known: Known,
  from: Date,
  until: Date,
): { place: Place; moves: Move[] } => {
  const { nextDueAt } = doc
  if (known === null && (nextDueAt === null || nextDueAt > until)) return { place: placeOf(doc), moves: [] }
  const person = personOf(doc.state, doc.contact, definitions)
  const before = placeBefore(doc, definitions, person, known, from)
  return until <= from ? { place: before, moves: [] } : letTimePass(person, definitions, before, from, until)
}

/**
 * Since when other definitions than those of before count: what they would have meant earlier is no event. Up to a moment before the
 * next boundary somebody is known to stand where they stand; what was due by then happens at its own moment.
 */
const countsFrom = ({ workedOutAt, nextDueAt }: Basis, facts: readonly Fact[], now: Date): Date => {
  const due = nextDueAt === null ? Infinity : nextDueAt.getTime() - 1
  const until = Math.min(now.getTime(), due, ...facts.map(({ at }) => at.getTime()))
  return new Date(Math.max(workedOutAt.getTime(), until))
}

/** Nobody comes into a segment, or leaves it, before they have been worked out with it. */
const toldTo = (known: Known, moves: Move[]): Move[] =>
  known === null ? moves : moves.filter((move) => !('segment' in move) || known.has(move.segment))

/**
 * Works a customer out anew: first time passes up to the earliest new fact, then the facts count, then time passes to now.
 * So a clock that jumped, or facts that came late, still tell of every stage in order and at its own moment.
 * With no facts only time passes. Other definitions than those of before count from when nothing was due by those. Depends on its
 * arguments alone.
 */
export const workOut = (doc: Basis, facts: readonly Fact[], definitions: Definitions, now: Date): Outcome => {
  const known = knownTo(doc, definitions)
  const from = known === null ? doc.workedOutAt : countsFrom(doc, facts, now)
  const times = facts.map(({ at }) => clamp(at, from, now < from ? from : now).getTime())
  // With no facts, what is defined anew counts once time has passed.
  const quiet = known === null || now < from ? from : now
  const begin = new Date(times.length === 0 ? quiet.getTime() : Math.min(...times))
  const end = new Date(times.length === 0 ? quiet.getTime() : Math.max(...times))
  const until = now < end ? end : now

  const early = placeUntil(doc, definitions, known, from, begin)
  const state = applyFacts(doc.state, facts, definitions.attributes)
  const person = personOf(state, doc.contact, definitions)
  const landed = placeAt(person, definitions, end, early.place)
  const late = letTimePass(person, definitions, landed, end, until)

  const moves = [...toldTo(known, early.moves), ...movesBetween(early.place, landed, end), ...late.moves]
  const { derived, versions } = tell(doc, [...firstMoves(doc, moves, landed, end), ...moves], definitions)
  return {
    set: {
      updatedAt: now,
      state,
      ...storedPlace(late.place, person, until),
      attrs: storedAttrs(person, until),
      ...versions,
      definitions: definitions.version,
      workedOutAt: until,
      nextDueAt: late.nextAt,
      lookAt: late.nextAt,
      ...lookUpOf(state, doc.contact, person.signals, doc),
    },
    derived,
  }
}
