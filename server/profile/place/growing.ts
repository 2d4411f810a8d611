import type { Subject } from '../../conditions/types.ts'
import type { Definitions } from '../types.ts'
import type { Person } from './person.ts'
import type { LevelPlace, Place } from './place.ts'

type Level = Pick<LevelPlace, 'scheme' | 'level' | 'tier'>

/** A subject while it is found out, thing by thing; `L` is how much is found out of a level. */
export class Growing<L extends Level = Level> implements Subject {
  readonly stage: Pick<Place['stage'], 'stage'>
  /** Nobody asks for the tier before the primary scheme has found it. */
  tier: Pick<LevelPlace, 'tier'>
  readonly levels: L[] = []
  readonly tagIds: string[]
  readonly segments: { readonly id: string }[] = []
  readonly groupIds: readonly string[]
  readonly orders: number
  readonly purchases: number
  readonly lastSeenAt: Date | null
  readonly lastOrderAt: Date | null
  readonly medianGapDays: number | null
  readonly events: Subject['events']
  private readonly person: Person
  private readonly at: Date

  constructor(person: Person, stage: Pick<Place['stage'], 'stage'>, definitions: Definitions, at: Date) {
    this.stage = stage
    this.tier = { tier: definitions.schemes[0].levels.at(-1)?.tier ?? 'C' }
    this.tagIds = person.tags.at(at).map(({ id }) => id)
    this.groupIds = person.groupIds
    this.orders = person.signals.orders.length
    this.purchases = person.signals.purchases
    this.lastSeenAt = person.signals.lastSeenAt
    this.lastOrderAt = person.signals.lastOrderAt
    this.medianGapDays = person.signals.medianGapDays
    this.events = person.events
    this.person = person
    this.at = at
  }

  /** Worked out when a condition asks for one. */
  get attrs(): Subject['attrs'] {
    return this.person.attributes.at(this.at)
  }
}
