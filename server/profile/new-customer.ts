import type { CustomerDoc } from './customers.model.ts'
import { lookUpOf } from './look-up.ts'
import { emptyState } from './state/state.ts'
import { personOf } from './place/person.ts'
import { placeAt } from './place/place-at.ts'
import { storedAttrs, storedPlace } from './place/stored.ts'
import type { Definitions } from './types.ts'

/** A customer of whom nothing is known yet but who they are; in a stage and a tier from the first moment. */
export const newCustomer = (
  id: string,
  externalUserId: string | null,
  now: Date,
  definitions: Definitions,
): CustomerDoc => {
  const person = personOf(emptyState, null, definitions)
  const place = { ...placeAt(person, definitions, now, null), ruleTags: [], segments: [] }
  return {
    _id: id,
    createdAt: now,
    updatedAt: now,
    rev: 0,
    state: emptyState,
    contact: null,
    ...storedPlace(place, person, now),
    attrs: storedAttrs(person, now),
    definitions: definitions.version,
    stageVersion: 0,
    tierVersion: 0,
    moveVersion: 0,
    workedOutAt: now,
    nextDueAt: null,
    lookAt: null,
    ...lookUpOf(emptyState, null, person.signals, { createdAt: now, externalUserId }),
  }
}
