import type { Attribute } from '@zhiyin/shared/attribute'
import { isAskable } from '@zhiyin/shared/built-in-attributes'
import { isSealed } from '../platform/vault.ts'
import { sourceOf } from './computed/events.ts'
import { computedAt, nextChangeOf } from './computed/value.ts'
import type { Contact } from './customers.model.ts'
import type { Attr } from './place/person.ts'
import { weigh, type Said } from './said.ts'
import { interactionsWithin, type Signals } from './signals.ts'
import type { CustomerState } from './state/state.ts'
import { mayProfile } from './state/consents.ts'
import { isPersonal } from './state/traits.ts'
import { toldOf, type Told } from './told.ts'
import { traitsOf, type SaidTrait } from './traits-of.ts'
import type { Definitions } from './types.ts'
import { lastMoment, once } from './once.ts'
import { onceFor } from '../conditions/once-for.ts'

/** What is known of a customer's five layers: at a moment, and when time alone changes it. */
export type Attributes = {
  /** Everything said: first the attributes in their order, then what nobody has defined. */
  saidAt(now: Date): readonly Said[]
  /** What conditions may ask for. */
  at(now: Date): readonly Attr[]
  /** The first moment after `from` at which a value changes by time; none or one. */
  moments(from: Date): readonly Date[]
}

/** Traits that say who somebody is; kept as identities. */
const hidden: ReadonlySet<string> = new Set(['unionid', 'external_userid'])

/** What is worked out of a customer's habits; not for those who refused to be profiled. */
const inferred: ReadonlySet<string> = new Set(['topics', 'categories', 'cycle_days', 'refund_rate'])

const recentKey = 'interactions_30d'

/** Interactions of the days before now; nothing is due when one of them is over, for no condition asks. */
const recentOf = (signals: Signals, now: Date): Told => ({
  value: interactionsWithin(signals.interactions, 30, now),
  source: 'computed',
  at: signals.lastSeenAt,
})

const isMoving = ({ computation }: Attribute): boolean =>
  computation !== null && 'windowDays' in computation && computation.windowDays !== null

type Sorted = {
  /** Those whose value changes by time. */
  readonly moving: readonly Attribute[]
  /** What is not shown as a trait nobody has defined. */
  readonly keys: ReadonlySet<string>
}

const sorted = onceFor((attributes: readonly Attribute[]): Sorted => ({
  moving: attributes.filter(isMoving),
  keys: new Set([...attributes.map(({ key }) => key), ...hidden]),
}))

/** Where to reach somebody, and what is sensitive or sealed, is not for conditions. */
const isAsked = ({ key, attribute, best: { value, problem } }: Said): boolean =>
  problem === null &&
  !isPersonal(key) &&
  (attribute === null || isAskable(attribute)) &&
  !(typeof value === 'string' && isSealed(value))

const addAttr = (attrs: Attr[], said: Said | null): void => {
  if (said !== null && isAsked(said)) attrs.push({ k: said.key, v: said.best.value })
}

const noTraits: readonly SaidTrait[] = []

/** The attributes of one customer. What is the same at every moment is worked out once, when it is first asked for. */
export const attributesOf = (
  state: CustomerState,
  contact: Contact | null,
  signals: Signals,
  { attributes, profilingNeedsGrant = false }: Definitions,
): Attributes => {
  const profiled = mayProfile(state, profilingNeedsGrant)
  const traits = once(() => traitsOf(state))
  const told = once(() => toldOf(state, contact, signals))
  const source = once(() => sourceOf(state))
  const { moving: windowed, keys: defined } = sorted(attributes)
  const moving = profiled ? windowed : []
  const isStill = (one: Attribute): boolean => one.key !== recentKey && (moving.length === 0 || !moving.includes(one))

  const said = (key: string, attribute: Attribute | null, computed: Told | null): Said | null => {
    const known = profiled || !inferred.has(key) ? told().get(key) : undefined
    return weigh(key, attribute, traits().get(key) ?? noTraits, known ?? null, computed)
  }
  const saidOf = (attribute: Attribute, now: Date): Said | null => {
    const { key, computation } = attribute
    if (key === recentKey) return said(key, attribute, recentOf(signals, now))
    const value = computation === null || !profiled ? null : computedAt(computation, source(), now)
    return said(key, attribute, value === null ? null : { ...value, source: 'computed' })
  }
  /** Beside each attribute what is said of it at every moment; null: nothing, or not the same at every moment. */
  const still = once(() => attributes.map((one) => (isStill(one) ? saidOf(one, new Date(0)) : null)))
  const rest = once(() => {
    const found: Said[] = []
    const add = (key: string): void => {
      const one = defined.has(key) ? null : said(key, null, null)
      if (one !== null) found.push(one)
    }
    for (const key of told().keys()) add(key)
    for (const key of traits().keys()) if (!told().has(key)) add(key)
    return found
  })
  const stillAttrs = once(() => {
    const attrs: Attr[] = []
    for (const one of still()) addAttr(attrs, one)
    for (const one of rest()) addAttr(attrs, one)
    return attrs
  })
  const movingAttrs = lastMoment((now) => {
    const attrs = [...stillAttrs()]
    for (const one of moving) addAttr(attrs, saidOf(one, now))
    return attrs
  })

  return {
    saidAt: (now) => {
      const all: Said[] = []
      for (const [i, one] of attributes.entries()) {
        const found = isStill(one) ? (still()[i] ?? null) : saidOf(one, now)
        if (found !== null) all.push(found)
      }
      return [...all, ...rest()]
    },
    at: moving.length === 0 ? stillAttrs : movingAttrs,
    moments: lastMoment((from) => {
      const changes = moving.flatMap(({ computation }) =>
        computation === null ? [] : (nextChangeOf(computation, source(), from)?.getTime() ?? []),
      )
      return changes.length === 0 ? [] : [new Date(Math.min(...changes))]
    }),
  }
}
