import type { Attribute, AttributeValue } from '@zhiyin/shared/attribute'
import type { ValueProblem } from '@zhiyin/shared/customer'
import { money } from '../cleaning/money.ts'
import { boolean, gender, list, number } from '../cleaning/text.ts'
import { date, time } from '../cleaning/time.ts'
import type { Cleaned } from '../cleaning/types.ts'
import { isSealed } from '../platform/vault.ts'
import type { TraitValue } from './state/state.ts'

export type Typed = { readonly value: AttributeValue } | { readonly problem: ValueProblem }

const wrong: Typed = { problem: 'type' }

const cleaned = (found: Cleaned<AttributeValue>): Typed => ('value' in found ? { value: found.value } : wrong)

/** A day is its beginning in UTC; without an offset the time is that of UTC too, so that it does not change with the company's zone. */
const dateOf = (text: string): Typed => {
  if (/^\d{4}-\d\d-\d\d(T|$)/.test(text)) {
    const ms = Date.parse(text)
    return Number.isNaN(ms) ? wrong : { value: new Date(ms) }
  }
  const moment = time(text, 'UTC')
  if ('value' in moment) return moment
  const day = date(text, 'UTC')
  return 'value' in day ? { value: new Date(Date.parse(day.value)) } : wrong
}

const numberOf = (value: TraitValue): Typed =>
  typeof value === 'number' ? { value } : typeof value === 'string' ? cleaned(number(value)) : wrong

/** Numbers are minor units; a text is what people write: `¥12.50`. */
const moneyOf = (value: TraitValue): Typed => {
  if (typeof value === 'number') return { value: Math.round(value) }
  if (typeof value !== 'string') return wrong
  const found = money(value)
  return 'value' in found ? { value: found.value.amount } : wrong
}

const choiceOf = (text: string, { key, choices }: Pick<Attribute, 'key' | 'choices'>): Typed => {
  const known = key === 'gender' ? gender(text) : { value: text }
  if (!('value' in known)) return { problem: 'choice' }
  return choices.length === 0 || choices.includes(known.value) ? { value: known.value } : { problem: 'choice' }
}

/** A value as one of its attribute's, or why it is none. What is sealed cannot be looked at and is taken as it is. */
export const typed = (value: TraitValue, attribute: Pick<Attribute, 'key' | 'type' | 'choices'>): Typed => {
  if (typeof value === 'string' && isSealed(value)) return { value }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : null
  switch (attribute.type) {
    case 'text':
      return text === null ? wrong : { value: text }
    case 'number':
      return numberOf(value)
    case 'money':
      return moneyOf(value)
    case 'date':
      return text === null ? wrong : dateOf(text)
    case 'boolean':
      return typeof value === 'boolean' ? { value } : text === null ? wrong : cleaned(boolean(text))
    case 'choice':
      return text === null ? wrong : choiceOf(text, attribute)
    case 'list':
      return typeof value === 'object' ? { value } : text === null ? wrong : cleaned(list(text))
  }
}
