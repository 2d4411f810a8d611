import { z } from 'zod'
import { companyCurrency } from '@zhiyin/shared/money'
import { currency as cleanCurrency, money } from '../cleaning/money.ts'
import { ofField, type Refused } from './problem.ts'

export type Read<T> = { readonly payload: T } | Refused

export const amount = z.union([z.number(), z.string()])

/** Where an order states what it comes to, the first that does. */
const stated = ['total', 'revenue', 'value'] as const
export const Amounts = z.object({
  total: amount.nullish(),
  revenue: amount.nullish(),
  value: amount.nullish(),
  currency: z.string().nullish(),
})
export type Amounts = z.infer<typeof Amounts>

/** `ofOrder`: nobody said, as in the fact. */
export type Unit = { readonly currency: string; readonly ofOrder?: true }

/** The code ISO keeps for no currency at all. */
const none = 'XXX'

/** The currency a sign beside an amount names: `US$30`. */
const signOf = (order: Amounts): string | null => {
  const cleaned = stated.flatMap((field) => order[field] ?? []).map((value) => money(String(value), none))
  return cleaned.flatMap((one) => ('value' in one && one.value.currency !== none ? one.value.currency : []))[0] ?? null
}

/** The currency of an order: the company's where it says none. What is told of it later is in that of the order itself: read in
 * hundredths until that is known, so a third decimal (of dinars) is rounded away. */
export const unitOf = (order: Amounts, later: boolean): Unit | Refused => {
  if (order.currency) {
    const cleaned = cleanCurrency(order.currency)
    return 'problem' in cleaned ? ofField('properties.currency', cleaned.problem) : { currency: cleaned.value }
  }
  if (!later) return { currency: companyCurrency }
  const sign = signOf(order)
  return sign === null ? { currency: companyCurrency, ofOrder: true } : { currency: sign }
}

/** Minor units of an amount in a currency. */
export const minorOf = (field: string, value: string | number, currency: string): Read<number> => {
  const cleaned = money(String(value), currency)
  if ('problem' in cleaned) return ofField(field, cleaned.problem)
  if (cleaned.value.currency !== currency) return ofField(field, { code: 'money.currencies_differ', params: { value } })
  return { payload: cleaned.value.amount }
}

/** The amount an order states, never negative; null when it states none. */
export const statedOf = (order: Amounts, currency: string): Read<number | null> => {
  for (const field of stated) {
    const value = order[field]
    if (value === undefined || value === null || value === '') continue
    const read = minorOf(`properties.${field}`, value, currency)
    return 'payload' in read && read.payload < 0
      ? ofField(`properties.${field}`, { code: 'money.negative', params: { value } })
      : read
  }
  return { payload: null }
}
