import { withoutSeen, type StoredAttr } from '../../conditions/seen.ts'
import type { CustomerDoc } from '../customers.model.ts'
import { hasConflict, hasReject } from '../said.ts'
import type { Person } from './person.ts'
import type { Place } from './place.ts'

type Stored = Pick<
  CustomerDoc,
  'stage' | 'tier' | 'levels' | 'ruleTags' | 'segments' | 'tagIds' | 'groupIds' | 'did' | 'conflicts' | 'rejects'
>

/** What conditions may ask of the five layers, as it is stored. */
export const storedAttrs = ({ attributes, signals }: Person, at: Date): StoredAttr[] =>
  withoutSeen(attributes.at(at), signals.lastSeenAt)

/** A place as it is stored, with what conditions look up beside it. */
export const storedPlace = ({ stage, levels, tags, ruleTags, segments }: Place, person: Person, at: Date): Stored => {
  const [primary] = levels
  const said = person.attributes.weighedAt(at)
  return {
    stage: { ...stage, because: [...stage.because] },
    tier: { tier: primary?.tier ?? 'C', since: primary?.since ?? at },
    levels: [...levels],
    ruleTags: [...ruleTags],
    segments: [...segments],
    tagIds: [...tags, ...ruleTags].map(({ id }) => id),
    groupIds: [...person.groupIds],
    conflicts: said.filter(hasConflict).map(({ key }) => key),
    rejects: said.filter(hasReject).map(({ key }) => key),
    did: person.events.map(({ n }) => n),
  }
}
