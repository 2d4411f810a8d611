import type { Definitions } from './types.ts'
import type { Person } from './place/person.ts'
import { differs, movesBetween, type Move, type Place } from './place/place.ts'
import { momentsAfter, placeAt } from './place/place-at.ts'
import { standingAt } from './place/stand.ts'

/** More steps than any settings can cause; a guard against going round for ever. */
const mostSteps = 2000
/** So many moments are looked at for a change; where none of them brings one, it is looked again at the next. */
const mostMoments = 24

/** The next moment after `from` at which time alone changes a place, or at which it is worth looking again; null when none is left. */
export const nextChange = (person: Person, definitions: Definitions, from: Date, place: Place): Date | null => {
  const moments = momentsAfter(person, definitions, from, place)
  const some = moments.slice(0, mostMoments)
  // A value that changes by time is kept with the customer, so it is a change by itself.
  const [value] = person.attributes.moments(from)
  const changes = (at: Date): boolean =>
    at.getTime() === value?.getTime() || differs(place, standingAt(person, definitions, at))
  return some.find(changes) ?? moments[some.length] ?? null
}

/** Lets time pass over a place: each change happens at its own boundary's moment, in order, not when somebody looked. */
export const letTimePass = (
  person: Person,
  definitions: Definitions,
  start: Place,
  from: Date,
  to: Date,
): { place: Place; moves: Move[]; nextAt: Date | null } => {
  const moves: Move[] = []
  let place = start
  let nextAt = nextChange(person, definitions, from, place)
  for (let step = 0; nextAt !== null && nextAt <= to && step < mostSteps; step++) {
    const next = placeAt(person, definitions, nextAt, place)
    moves.push(...movesBetween(place, next, nextAt))
    place = next
    nextAt = nextChange(person, definitions, nextAt, place)
  }
  return { place, moves, nextAt }
}
