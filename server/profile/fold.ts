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
import { letTimePass } from './work-out.ts'

type Written = Omit<CustomerDoc, '_id' | 'createdAt' | 'contact' | 'rev'>

/** What a customer is worked out of. */
export type Basis = Omit<CustomerDoc, Unread>

/** What became of a customer: the fields to write, and the facts that tell of what moved. */
export type Outcome = { readonly set: Written; readonly derived: readonly NewFact[] }

const clamp = (at: Date, from: Date, to: Date): Date => (at < from ? from : at > to ? to : at)

/**
 * The place a customer begins from. What managers have defined anew tells of no comings and goings in segments: whoever is in a new
 * one was not outside it before.
 */
const placeBefore = (doc: Basis, definitions: Definitions, person: Person | null): Place => {
  const { stage, levels, ruleTags, segments } = doc
  const standing = new Set(doc.tagIds)
  const on = doc.state.tags.filter((tag) => tag.on)
  const before = {
    stage,
    levels,
    tags: on.filter(({ id }) => standing.has(id)),
    endedTags: on.filter(({ id }) => !standing.has(id)).map((tag) => ({ ...tag, why: because('tag.expired') })),
    ruleTags,
    segments,
  }
  if (person === null || doc.definitions === definitions.version) return before
  return { ...before, segments: placeAt(person, definitions, doc.workedOutAt, before).segments }
}

/** Time passes up to a moment. Where nothing was due until then, which is known, nothing is worked out for it. */
const placeUntil = (doc: Basis, definitions: Definitions, until: Date): { place: Place; moves: Move[] } => {
  const { nextDueAt, workedOutAt } = doc
  if (doc.definitions === definitions.version && (nextDueAt === null || nextDueAt > until))
    return { place: placeBefore(doc, definitions, null), moves: [] }
  const person = personOf(doc.state, doc.contact, definitions)
  return letTimePass(person, definitions, placeBefore(doc, definitions, person), workedOutAt, until)
}

/**
 * Works a customer out anew: first time passes up to the earliest new fact, then the facts count, then time passes to now.
 * So a clock that jumped, or facts that came late, still tell of every stage in order and at its own moment.
 * With no facts only time passes. Depends on its arguments alone.
 */
export const workOut = (doc: Basis, facts: readonly Fact[], definitions: Definitions, now: Date): Outcome => {
  const from = doc.workedOutAt
  const times = facts.map(({ at }) => clamp(at, from, now < from ? from : now).getTime())
  const begin = new Date(times.length === 0 ? from.getTime() : Math.min(...times))
  const end = new Date(times.length === 0 ? from.getTime() : Math.max(...times))
  const until = now < end ? end : now

  const early = placeUntil(doc, definitions, begin)
  const state = applyFacts(doc.state, facts, definitions.attributes)
  const person = personOf(state, doc.contact, definitions)
  const landed = placeAt(person, definitions, end, early.place)
  const late = letTimePass(person, definitions, landed, end, until)

  const moves = [...early.moves, ...movesBetween(early.place, landed, end), ...late.moves]
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
