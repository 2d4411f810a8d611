import type { AttributeValue } from '@zhiyin/shared/attribute'
import type { ValueSource } from '@zhiyin/shared/customer'
import { moneyIn } from '@zhiyin/shared/money'
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
}

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

type Values = Record<string, Told>

const ofContact = (state: CustomerState, contact: Contact | null): Values => {
  if (contact === null) return {}
  const { follows, fetchedAt: at } = contact
  const noted: Readonly<Record<string, string | undefined>> = {
    phone: follows.flatMap(({ mobiles }) => mobiles)[0],
    remark: follows.find(({ remark }) => remark)?.remark,
    company: follows.find(({ company }) => company)?.company,
  }
  const sex = genders[contact.gender]
  return {
    name: { value: nameOf(state, contact), source: 'wecom', at },
    ...(sex === undefined ? {} : { gender: { value: sex, source: 'wecom', at } }),
    ...Object.fromEntries(
      Object.entries(noted).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, { value, source: 'rep', at } as const]],
      ),
    ),
  }
}

type Maybe = { readonly value: AttributeValue | null; readonly source: ValueSource; readonly at: Date | null }

const present = (values: Readonly<Record<string, Maybe>>): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, { value, source, at }]) =>
      value === null || (Array.isArray(value) && value.length === 0) ? [] : [[key, { value, source, at }]],
    ),
  )

/** What is known of a customer by what happened and by WeCom's word, under the keys of the built-in attributes. Reps by userid, channels by id. */
export const toldOf = (state: CustomerState, contact: Contact | null, s: Signals): Values => {
  const holds = state.follows.filter((follow) => standing(follow).state === 'following')
  const groups = state.groups.filter((group) => group.in)
  const adds = state.follows.flatMap(({ added }) => added ?? [])
  const first = adds.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0]
  const channels = [...new Set(adds.flatMap(({ channelId }) => channelId ?? []))].sort()
  const topics = state.topics.flatMap(({ topic, marks }) => marks.map(() => topic))
  const [bought, seen] = [s.lastOrderAt, s.lastSeenAt]
  return {
    ...ofContact(state, contact),
    ...present({
      orders: { value: s.orders.length, source: 'order', at: bought },
      spend: { value: s.spend, source: 'order', at: bought },
      spend_other: { value: spentElsewhere(s.orders), source: 'order', at: bought },
      average_order: { value: averageOf(s.orders), source: 'order', at: bought },
      first_order_at: { value: s.firstOrderAt, source: 'order', at: s.firstOrderAt },
      last_order_at: { value: bought, source: 'order', at: bought },
      cycle_days: { value: s.medianGapDays, source: 'computed', at: bought },
      categories: {
        value: commonest(
          s.orders.flatMap((order) => order.categories),
          mostNames,
        ),
        source: 'order',
        at: bought,
      },
      refund_rate: { value: refundRate(state.orders), source: 'order', at: bought },
      reps: {
        value: holds.map(({ userid }) => userid),
        source: 'wecom',
        at: newest(holds.map((hold) => standing(hold).since)),
      },
      groups: {
        value: groups.map(({ name, chatId }) => name || chatId),
        source: 'wecom',
        at: newest(groups.map(({ at }) => at)),
      },
      add_way: {
        value: first?.addWay === undefined || first.addWay === null ? null : String(first.addWay),
        source: 'wecom',
        at: first?.at ?? null,
      },
      channels: { value: channels, source: 'wecom', at: newest(adds.map(({ at }) => at)) },
      added_at: { value: s.firstContactAt, source: 'wecom', at: s.firstContactAt },
      topics: { value: commonest(topics, mostNames), source: 'computed', at: seen },
      last_seen_at: { value: seen, source: 'computed', at: seen },
    }),
  }
}
