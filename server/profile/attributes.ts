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
import { traitsOf } from './traits-of.ts'
import type { Definitions } from './types.ts'

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

/** Where to reach somebody, and what is sensitive or sealed, is not for conditions. */
const attrOf = ({ key: k, attribute, best: { value, problem } }: Said): Attr[] => {
  const asked = attribute === null ? !isPersonal(k) : isAskable(attribute) && !isPersonal(k)
  if (!asked || problem !== null || (typeof value === 'string' && isSealed(value))) return []
  return [{ k, v: value }]
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly it: T } | null = null
  return () => (made ??= { it: make() }).it
}

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
  const moving = profiled ? attributes.filter(isMoving) : []

  const said = (key: string, attribute: Attribute | null, computed: readonly Told[]): Said[] => {
    const known = (profiled || !inferred.has(key)) && Object.hasOwn(told(), key) ? told()[key] : undefined
    const all = known === undefined ? computed : [known, ...computed]
    const weighed = weigh(key, attribute, traits().get(key) ?? [], all)
    return weighed === null ? [] : [weighed]
  }
  const saidOf = (attribute: Attribute, now: Date): Said[] => {
    const { key, computation } = attribute
    if (key === recentKey) return said(key, attribute, [recentOf(signals, now)])
    const value = computation === null || !profiled ? null : computedAt(computation, source(), now)
    return said(key, attribute, value === null ? [] : [{ ...value, source: 'computed' }])
  }
  const still = once(
    () =>
      new Map(
        attributes.flatMap((one) =>
          one.key === recentKey || moving.includes(one) ? [] : [[one.key, saidOf(one, new Date(0))] as const],
        ),
      ),
  )
  const rest = once(() => {
    const defined = new Set([...attributes.map(({ key }) => key), ...hidden])
    const keys = new Set([...Object.keys(told()), ...traits().keys()])
    return [...keys].flatMap((key) => (defined.has(key) ? [] : said(key, null, [])))
  })
  const stillAttrs = once(() => [...[...still().values()].flat(), ...rest()].flatMap(attrOf))

  return {
    saidAt: (now) => [...attributes.flatMap((one) => still().get(one.key) ?? saidOf(one, now)), ...rest()],
    at: (now) =>
      moving.length === 0
        ? stillAttrs()
        : [...stillAttrs(), ...moving.flatMap((one) => saidOf(one, now)).flatMap(attrOf)],
    moments: (from) => {
      const changes = moving.flatMap(({ computation }) =>
        computation === null ? [] : (nextChangeOf(computation, source(), from)?.getTime() ?? []),
      )
      return changes.length === 0 ? [] : [new Date(Math.min(...changes))]
    },
  }
}
