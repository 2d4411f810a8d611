import type { AttributeValue } from '@zhiyin/shared/attribute'
import type { ValueSource } from '@zhiyin/shared/customer'
import { moneyIn } from '@zhiyin/shared/money'
import { name } from '../cleaning/text.ts'
import { seenKey } from '../conditions/seen.ts'
import { commonest } from './commonest.ts'
import type { Reach } from './computed/value.ts'
import type { Contact } from './customers.model.ts'
import { nameOf } from './look-up.ts'
import { averageOf, refundRate, type Signals, type StandingOrder } from './signals.ts'
import { standing } from './state/follows.ts'
import type { CustomerState } from './state/state.ts'

/** A value that is known without anybody having stated it; `at` null: worked out of nothing yet, and not worth showing. */
export type Told = {
  readonly value: AttributeValue
  readonly source: ValueSource
  readonly at: Date | null
  /** How far it is exact, where it was computed. */
  readonly reach?: Reach
  /** How sure it is, 0..1, where it is inferred; absent: it is known. */
  readonly sure?: number
}

/** Whoever looked once is no fan: the more there is to go by the surer, and never as sure as what somebody states. */
export const sureBy = (evidence: number): number => Math.min(0.9, Math.round((evidence / (evidence + 2)) * 100) / 100)

const genders: Readonly<Record<number, string>> = { 1: 'male', 2: 'female' }

/** What was spent in currencies other than the company's, each by itself: `USD 120 ×2`. */
const spentElsewhere = (orders: readonly StandingOrder[]): string[] => {
  const sums = new Map<string, { net: number; count: number }>()
  for (const { foreign } of orders) {
    if (foreign === undefined) continue
    const { net, count } = sums.get(foreign.currency) ?? { net: 0, count: 0 }
    sums.set(foreign.currency, { net: net + foreign.net, count: count + 1 })
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([unit, sum]) => `${moneyIn(sum.net, unit)} ×${sum.count}`)
}

const newest = (dates: readonly Date[]): Date | null =>
  dates.length === 0 ? null : new Date(Math.max(...dates.map((date) => date.getTime())))

/** The longest list of names that is kept as a value. */
const mostNames = 60

/** Collects what is known, in the order it is told; what has no value is not. */
type Tell = (
  key: string,
  value: AttributeValue | null | undefined,
  source: ValueSource,
  at: Date | null,
  sure?: number,
) => void

const tellContact = (tell: Tell, state: CustomerState, contact: Contact): void => {
  const { follows, fetchedAt: at } = contact
  tell('name', nameOf(state, contact), 'wecom', at)
  tell('gender', genders[contact.gender], 'wecom', at)
  tell('phone', follows.find(({ mobiles }) => mobiles.length > 0)?.mobiles[0], 'rep', at)
  tell('remark', follows.find(({ remark }) => remark)?.remark, 'rep', at)
  const company = follows.find((follow) => follow.company)?.company
  const named = company ? name(company) : null
  tell('company', named !== null && 'value' in named ? named.value : company, 'rep', at)
}

const tellOrders = (tell: Tell, state: CustomerState, s: Signals): void => {
  const bought = s.lastOrderAt
  tell('orders', s.orders.length, 'order', bought)
  tell('spend', s.spend, 'order', bought)
  tell('spend_other', spentElsewhere(s.orders), 'order', bought)
  tell('average_order', averageOf(s.orders), 'order', bought)
  tell('first_order_at', s.firstOrderAt, 'order', s.firstOrderAt)
  tell('last_order_at', bought, 'order', bought)
  tell('cycle_days', s.medianGapDays, 'computed', bought, sureBy(s.purchases - 1))
  const named = s.orders.filter((order) => order.categories.length > 0)
  const categories = named.flatMap((order) => order.categories)
  tell('categories', commonest(categories, mostNames), 'order', bought, sureBy(named.length))
  tell('refund_rate', refundRate(state.orders), 'order', bought, sureBy(state.orders.length))
}

/** Reps by userid, channels by id. */
const tellReach = (tell: Tell, state: CustomerState, s: Signals): void => {
  const holds = state.follows.filter((follow) => standing(follow).state === 'following')
  const since = newest(holds.map((hold) => standing(hold).since))
  const userids = holds.map(({ userid }) => userid)
  tell('reps', userids, 'wecom', since)
  const groups = state.groups.filter((group) => group.in)
  const names = groups.map(({ name, chatId }) => name || chatId)
  tell('groups', names, 'wecom', newest(groups.map(({ at }) => at)))
  const adds = state.follows.flatMap(({ added }) => added ?? [])
  const first = adds.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0]
  const way = first?.addWay ?? null
  tell('add_way', way === null ? null : String(way), 'wecom', first?.at ?? null)
  const channels = [...new Set(adds.flatMap(({ channelId }) => channelId ?? []))].sort()
  tell('channels', channels, 'wecom', newest(adds.map(({ at }) => at)))
  tell('added_at', s.firstContactAt, 'wecom', s.firstContactAt)
}

/** What is known of a customer by what happened and by WeCom's word, under the keys of the built-in attributes. */
export const toldOf = (state: CustomerState, contact: Contact | null, s: Signals): ReadonlyMap<string, Told> => {
  const values = new Map<string, Told>()
  const tell: Tell = (key, value, source, at, sure) => {
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return
    values.set(key, sure === undefined ? { value, source, at } : { value, source, at, sure })
  }
  if (contact !== null) tellContact(tell, state, contact)
  tellOrders(tell, state, s)
  tellReach(tell, state, s)
  const seen = s.lastSeenAt
  const topics = state.topics.flatMap(({ topic, marks }) => marks.map(() => topic))
  tell('topics', commonest(topics, mostNames), 'computed', seen, sureBy(topics.length))
  tell(seenKey, seen, 'computed', seen)
  return values
}
