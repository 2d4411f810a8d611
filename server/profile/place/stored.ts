import type { CustomerDoc } from '../customers.model.ts'
import { hasConflict, hasReject, type Said } from '../said.ts'
import type { Person } from './person.ts'
import type { Place } from './place.ts'

type Stored = Pick<
  CustomerDoc,
  | 'stage'
  | 'tier'
  | 'levels'
  | 'ruleTags'
  | 'segments'
  | 'tagIds'
  | 'groupIds'
  | 'attrs'
  | 'did'
  | 'conflicts'
  | 'rejects'
>

/** The defined attributes of which something holds. */
const keysWhere = (all: readonly Said[], holds: (said: Said) => boolean): string[] => {
  const keys: string[] = []
  for (const said of all) if (said.attribute !== null && holds(said)) keys.push(said.key)
  return keys
}

/** A place as it is stored, with what conditions look up beside it. */
export const storedPlace = ({ stage, levels, tags, ruleTags, segments }: Place, person: Person, at: Date): Stored => {
  const [primary] = levels
  const said = person.attributes.saidAt(at)
  return {
    stage: { ...stage, because: [...stage.because] },
    tier: { tier: primary?.tier ?? 'C', since: primary?.since ?? at },
    levels: [...levels],
    ruleTags: [...ruleTags],
    segments: [...segments],
    tagIds: [...tags, ...ruleTags].map(({ id }) => id),
    groupIds: [...person.groupIds],
    attrs: [...person.attributes.at(at)],
    conflicts: keysWhere(said, hasConflict),
    rejects: keysWhere(said, hasReject),
    did: person.events.map(({ n }) => n),
  }
}
