import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { CustomerDoc } from './customers.model.ts'
import { lookUpOf } from './look-up.ts'
import { personOf, type Person } from './place/person.ts'
import { movesBetween, type Place } from './place/place.ts'
import { placeAt } from './place/place-at.ts'
import { storedPlace } from './place/stored.ts'
import { firstMoves, tell } from './place/tell.ts'
import { applyFacts } from './state/apply.ts'
import type { Definitions } from './types.ts'
import { letTimePass } from './work-out.ts'

type Written = Omit<CustomerDoc, '_id' | 'createdAt' | 'contact' | 'rev'>

/** What became of a customer: the fields to write, and the facts that tell of what moved. */
export type Outcome = { readonly set: Written; readonly derived: readonly NewFact[] }

const clamp = (at: Date, from: Date, to: Date): Date => (at < from ? from : at > to ? to : at)

/**
 * The place a customer begins from. What managers have defined anew tells of no comings and goings in segments: whoever is in a new
 * one was not outside it before.
 */
const placeBefore = (doc: CustomerDoc, definitions: Definitions, person: Person): Place => {
  const { stage, levels, ruleTags, segments } = doc
  const before = { stage, levels, ruleTags, segments }
  if (doc.definitions === definitions.version) return before
  return { ...before, segments: placeAt(person, definitions, doc.workedOutAt, before).segments }
}

/**
 * Works a customer out anew: first time passes up to the earliest new fact, then the facts count, then time passes to now.
 * So a clock that jumped, or facts that came late, still tell of every stage in order and at its own moment.
 * With no facts only time passes. Depends on its arguments alone.
 */
export const workOut = (doc: CustomerDoc, facts: readonly Fact[], definitions: Definitions, now: Date): Outcome => {
  const from = doc.workedOutAt
  const times = facts.map(({ at }) => clamp(at, from, now < from ? from : now).getTime())
  const begin = new Date(times.length === 0 ? from.getTime() : Math.min(...times))
  const end = new Date(times.length === 0 ? from.getTime() : Math.max(...times))
  const until = now < end ? end : now

  const earlier = personOf(doc.state, doc.contact, definitions)
  const before = placeBefore(doc, definitions, earlier)
  const early = letTimePass(earlier, definitions, before, from, begin)
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
