import type { AttributeValue } from '@zhiyin/shared/attribute'
import type { Who } from '@zhiyin/shared/content'
import { moneyOf } from '@zhiyin/shared/text'
import type { Tier } from '@zhiyin/shared/tier'
import type { CustomerView } from '../profile/view.ts'

/** What is known of whom a message is for: the variables by their path, and the attributes, which the room makes variables of. */
export type Vars = {
  readonly known: Readonly<Record<string, string | number>>
  readonly attrs: readonly { readonly k: string; readonly v: AttributeValue }[]
}

export type VarsView = Pick<
  CustomerView,
  'name' | 'tier' | 'stage' | 'orders' | 'spend' | 'lastSeenAt' | 'lastProduct' | 'attrs'
>

const dayMs = 86_400_000

/** What the profile calls somebody whose name nobody knows; no way to address them. */
const placeholder = '未具名客户'

/** The name to address a customer by; null when none is known. */
export const addressName = (name: string): string | null => (name === '' || name === placeholder ? null : name)

const named = (path: string, value: string | null): Record<string, string> => (value ? { [path]: value } : {})

/** The variables for one customer; `days_silent` are whole days since they were last seen, 0 when never. */
export const varsOf = (view: VarsView, rep: string | null, now: Date): Vars => ({
  known: {
    ...named('customer.name', addressName(view.name)),
    ...named('rep.name', rep),
    ...named('last_product', view.lastProduct),
    tier: view.tier.tier,
    stage: view.stage.stage,
    days_silent:
      view.lastSeenAt === null ? 0 : Math.max(0, Math.floor((now.getTime() - view.lastSeenAt.getTime()) / dayMs)),
    orders: view.orders,
    spend: moneyOf(view.spend),
  },
  attrs: view.attrs,
})

/** The variables for a customer group: everybody in it is spoken to. */
export const groupVarsOf = ({ name, tier }: { name: string; tier: Tier }, rep: string | null): Vars => ({
  known: { 'customer.name': name || '大家', ...named('rep.name', rep), tier, days_silent: 0, orders: 0, spend: '¥0' },
  attrs: [],
})

/** What of a customer decides which variant they get. */
export const whoOf = ({ tier, stage, segments }: Pick<CustomerView, 'tier' | 'stage' | 'segments'>): Who => ({
  tier: tier.tier,
  stage: stage.stage,
  segmentIds: segments.map(({ id }) => id),
})

/** A group has a tier and nothing else of its own. */
export const groupWhoOf = ({ tier }: { tier: Tier }): Who => ({ tier, stage: null, segmentIds: [] })
