import type { Attribute } from '@zhiyin/shared/attribute'
import { isAskable } from '@zhiyin/shared/built-in-attributes'
import { onceFor } from '../conditions/once-for.ts'
import { isPersonal } from './state/traits.ts'

/** Traits that say who somebody is; kept as identities. */
const hidden: ReadonlySet<string> = new Set(['unionid', 'external_userid'])

/** Interactions lately: known at every moment, due at none. */
export const recentKey = 'interactions_30d'

const isMoving = ({ computation }: Attribute): boolean =>
  computation !== null && 'windowDays' in computation && computation.windowDays !== null

/** What of the attributes managers defined is the same for every customer. */
export type Sorted = {
  /** What conditions may ask for; `still` of them are those whose value stays the same, `unstill` those whose value changes by time. */
  readonly asked: readonly Attribute[]
  readonly still: readonly Attribute[]
  readonly unstill: readonly Attribute[]
  readonly moving: readonly Attribute[]
  /** What people call the city, where it is asked for. */
  readonly city: Attribute | null
  /** What is not shown as a trait nobody has defined. */
  readonly keys: ReadonlySet<string>
}

/** Where to reach somebody, and what is sensitive or sealed, is not for conditions. */
const mayBeAsked = (attribute: Attribute): boolean => isAskable(attribute) && !isPersonal(attribute.key)

/** Whether conditions may ask for what is told under a key. */
export const isAsked = (attributes: readonly Attribute[], key: string): boolean =>
  attributes.every((one) => one.key !== key || mayBeAsked(one))

/** Worked out once for each list of attributes. */
export const sorted = onceFor((attributes: readonly Attribute[]): Sorted => {
  const asked = attributes.filter((one) => one.key !== recentKey && mayBeAsked(one))
  return {
    asked,
    still: asked.filter((one) => !isMoving(one)),
    unstill: asked.filter(isMoving),
    moving: attributes.filter(isMoving),
    city: attributes.find(({ key }) => key === 'city') ?? null,
    keys: new Set([...attributes.map(({ key }) => key), ...hidden]),
  }
})
