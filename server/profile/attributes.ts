import type { Attribute, AttributeValue } from '@zhiyin/shared/attribute'
import { defaultZone } from '../platform/config.ts'
import { isSealed } from '../platform/vault.ts'
import { sourceOf, type Source } from './computed/events.ts'
import { computedAt, nextChangeOf } from './computed/value.ts'
import type { Contact } from './customers.model.ts'
import type { Attr } from './place/person.ts'
import { weigh, type Said } from './said.ts'
import { interactionsWithin, type Signals } from './signals.ts'
import type { CustomerState } from './state/state.ts'
import { mayProfile } from './state/consents.ts'
import { isPersonal } from './state/traits.ts'
import { provinceBy } from './province.ts'
import { recentKey, sorted, type Sorted } from './sorted-attributes.ts'
import { toldOf, type Told } from './told.ts'
import { traitsOf, type SaidTrait } from './traits-of.ts'
import { inMinor } from './typed.ts'
import type { Definitions } from './types.ts'
import { lastMoment, once } from './once.ts'

/** What is known of a customer's five layers: at a moment, and when time alone changes it. */
export type Attributes = {
  /** Everything said: first the attributes in their order, then what nobody has defined. */
  saidAt(now: Date): readonly Said[]
  /** The same of those attributes alone of which more than one thing may be said. */
  weighedAt(now: Date): readonly Said[]
  /** What conditions may ask for. */
  at(now: Date): readonly Attr[]
  /** The first moment after `from` at which a value changes by time; none or one. */
  moments(from: Date): readonly Date[]
}

/** What is worked out of a customer's habits; not for those who refused to be profiled. */
const inferred: ReadonlySet<string> = new Set(['topics', 'categories', 'cycle_days', 'refund_rate'])

/** Interactions of the days before now; nothing is due when one of them is over, for no condition asks. */
const recentOf = (signals: Signals, now: Date): Told => ({
  value: interactionsWithin(signals.interactions, 30, now),
  source: 'computed',
  at: signals.lastSeenAt,
})

const isOpen = (value: AttributeValue): boolean => typeof value !== 'string' || !isSealed(value)

const noTraits: readonly SaidTrait[] = []

/** Works out of one customer's attributes what is asked for, when it is asked for; what is the same at every moment once. */
class Known implements Attributes {
  private readonly profiled: boolean
  private readonly attributes: readonly Attribute[]
  private readonly zone: string
  private readonly sorted: Sorted
  private readonly signals: Signals
  private readonly traits: ReadonlyMap<string, readonly SaidTrait[]>
  private readonly told: () => ReadonlyMap<string, Told>
  private readonly source: () => Source
  private readonly province: () => Told | null
  private stillAttrs: readonly Attr[] | null = null
  private readonly movedAttrs: (now: Date) => readonly Attr[]
  readonly moments: (from: Date) => readonly Date[]

  constructor(state: CustomerState, contact: Contact | null, signals: Signals, definitions: Definitions) {
    const { attributes, profilingNeedsGrant = false } = definitions
    this.profiled = mayProfile(state, profilingNeedsGrant)
    this.attributes = attributes
    this.zone = definitions.zone ?? defaultZone
    this.sorted = sorted(attributes)
    this.signals = signals
    this.traits = traitsOf(state)
    this.told = once(() => toldOf(state, contact, signals))
    this.source = once(() => sourceOf(state))
    this.province = once(() => this.provinceByCity())
    this.movedAttrs = lastMoment((now) => this.withMoving(now))
    this.moments = lastMoment((from) => this.changesAfter(from))
  }

  saidAt(now: Date): readonly Said[] {
    const all: Said[] = []
    for (const one of this.attributes) addTo(all, this.said(one, now))
    for (const one of this.undefinedOnes()) all.push(one)
    return all
  }

  weighedAt(now: Date): readonly Said[] {
    const all: Said[] = []
    for (const one of this.attributes) if (this.isWeighed(one)) addTo(all, this.said(one, now))
    return all
  }

  at(now: Date): readonly Attr[] {
    const { asked, still, unstill } = this.sorted
    this.stillAttrs ??= this.attrsOf(this.profiled ? still : asked, now)
    return !this.profiled || unstill.length === 0 ? this.stillAttrs : this.movedAttrs(now)
  }

  private withMoving(now: Date): readonly Attr[] {
    const attrs = [...(this.stillAttrs ?? [])]
    for (const one of this.sorted.unstill) this.addAttr(attrs, one, now)
    return attrs
  }

  /** Of what stays the same, what nobody has defined at the end. */
  private attrsOf(attributes: readonly Attribute[], now: Date): Attr[] {
    const attrs: Attr[] = []
    for (const one of attributes) this.addAttr(attrs, one, now)
    for (const { key: k, best } of this.undefinedOnes())
      if (!isPersonal(k) && isOpen(best.value)) attrs.push({ k, v: best.value })
    return attrs
  }

  private addAttr(attrs: Attr[], attribute: Attribute, now: Date): void {
    const { key } = attribute
    const said = this.isWeighed(attribute) ? this.said(attribute, now) : null
    const told = said !== null ? said.best : (this.known(key) ?? this.computed(attribute, now))
    if (told !== null && (said === null || said.best.problem === null) && isOpen(told.value))
      attrs.push({ k: key, v: told.value })
  }

  /** Whether more than one thing may be said of it; of most attributes it is one, which nothing contradicts. */
  private isWeighed({ key, computation }: Attribute): boolean {
    return this.traits.has(key) || (computation !== null && this.told().has(key))
  }

  private said(attribute: Attribute, now: Date): Said | null {
    const { key } = attribute
    const traits = this.traits.get(key) ?? noTraits
    return weigh(key, attribute, traits, this.known(key), this.computed(attribute, now), this.zone)
  }

  private known(key: string): Told | null {
    if (key === 'province') return this.province()
    return this.profiled || !inferred.has(key) ? (this.told().get(key) ?? null) : null
  }

  /** Where nobody says the province, the city does. */
  private provinceByCity(): Told | null {
    const { city } = this.sorted
    const traits = this.traits.has('province') ? undefined : this.traits.get('city')
    return city === null || traits === undefined ? null : provinceBy(weigh('city', city, traits, null, null, this.zone))
  }

  private computed(attribute: Attribute, now: Date): Told | null {
    const { key, computation } = attribute
    if (key === recentKey) return recentOf(this.signals, now)
    const found = computation === null || !this.profiled ? null : computedAt(computation, this.source(), now)
    return found === null ? null : { ...found, value: inMinor(found.value, attribute, this.zone), source: 'computed' }
  }

  private undefinedOnes(): Said[] {
    const all: Said[] = []
    const { keys } = this.sorted
    const add = (key: string): void =>
      keys.has(key)
        ? undefined
        : addTo(all, weigh(key, null, this.traits.get(key) ?? noTraits, this.known(key), null, this.zone))
    for (const key of this.told().keys()) add(key)
    for (const key of this.traits.keys()) if (!this.told().has(key)) add(key)
    return all
  }

  private changesAfter(from: Date): readonly Date[] {
    if (!this.profiled || this.sorted.moving.length === 0) return []
    const changes = this.sorted.moving.flatMap(({ computation }) =>
      computation === null ? [] : (nextChangeOf(computation, this.source(), from)?.getTime() ?? []),
    )
    return changes.length === 0 ? [] : [new Date(Math.min(...changes))]
  }
}

const addTo = (all: Said[], said: Said | null): void => {
  if (said !== null) all.push(said)
}

export const attributesOf = (
  state: CustomerState,
  contact: Contact | null,
  signals: Signals,
  definitions: Definitions,
): Attributes => new Known(state, contact, signals, definitions)
