import type { Attribute, AttributeValue } from '@zhiyin/shared/attribute'
import type { ValueProblem, ValueSource } from '@zhiyin/shared/customer'
import { companyCurrency } from '@zhiyin/shared/money'
import { isMasked } from '@zhiyin/shared/value-entry'
import { money } from '../cleaning/money.ts'
import { place, type PlacePart } from '../cleaning/place.ts'
import { remember } from '../cleaning/remember.ts'
import { boolean, email, gender, list, name, number, phone } from '../cleaning/text.ts'
import { dayOrTime } from '../cleaning/time.ts'
import type { Cleaned } from '../cleaning/types.ts'
import { isSealed, isSealedAs } from '../platform/vault.ts'
import type { TraitValue } from './state/state.ts'

export type Typed = { readonly value: AttributeValue } | { readonly problem: ValueProblem }
/** Who says a value, and the zone of times that name none. */
export type Saying = { readonly source: ValueSource; readonly zone: string }

const wrong: Typed = { problem: 'type' }

const cleaned = (found: Cleaned<AttributeValue>, problem: ValueProblem = 'type'): Typed => {
  if ('value' in found) return { value: found.value }
  return { problem: found.problem.code.endsWith('.ambiguous') ? 'ambiguous' : problem }
}

const placeOf =
  (part: PlacePart) =>
  (text: string): Typed =>
    cleaned(place(part, text), 'place')
/** What is masked for the reader is shown as it is. */
const personal =
  (clean: (text: string) => Cleaned<string>, problem: ValueProblem) =>
  (text: string): Typed =>
    isMasked(text) ? { value: text } : cleaned(clean(text), problem)
const named = (text: string): Typed => {
  const found = name(text)
  return { value: 'value' in found ? found.value : text }
}

/** Texts that everybody writes in their own way and that mean the same. */
const forms = new Map<string, (text: string) => Typed>([
  ['name', named],
  ['company', named],
  ['phone', personal(phone, 'phone')],
  ['email', personal(email, 'email')],
  ['region', placeOf('region')],
  ['province', placeOf('province')],
  ['city', placeOf('city')],
  ['district', placeOf('district')],
])

const zones = new Map<string, (text: string) => Typed>()
const dateOf = (text: string, zone: string): Typed => {
  const known = zones.get(zone) ?? remember((one) => cleaned(dayOrTime(one, zone)))
  zones.set(zone, known)
  return known(text)
}

const numberOf = (value: TraitValue): Typed =>
  typeof value === 'number' ? { value } : typeof value === 'string' ? cleaned(number(value)) : wrong

/** An amount in another currency is none of the company's, and is kept as it was written. */
const amountOf = remember((text: string): Typed => {
  const found = money(text)
  if (!('value' in found)) return wrong
  return found.value.currency === companyCurrency ? { value: found.value.amount } : { problem: 'currency' }
})

/** A text is what people write (`¥12.50`), and so is the number of a system outside; what our own screens and files keep is minor units. */
const moneyOf = (value: TraitValue, source: ValueSource): Typed => {
  if (typeof value === 'number' && source !== 'ingest') return { value: Math.round(value) }
  return typeof value === 'number' || typeof value === 'string' ? amountOf(String(value)) : wrong
}

const choiceOf = (text: string, { key, choices }: Pick<Attribute, 'key' | 'choices'>): Typed => {
  const known = key === 'gender' ? gender(text) : { value: text }
  if (!('value' in known)) return { problem: 'choice' }
  return choices.length === 0 || choices.includes(known.value) ? { value: known.value } : { problem: 'choice' }
}

/** What is sealed cannot be looked at; but for whether it is the phone or the mailbox it should be, it is taken as it is. */
const sealedOf = (value: string, key: string): Typed =>
  (key === 'phone' || key === 'email') && !isSealedAs(key, value) ? { problem: key } : { value }

/**
 * The one place where what somebody said becomes a value of its attribute, in its normal form by the attribute's type; or why it is none.
 * Facts keep what was said, so this is asked with every look: whatever takes long is remembered.
 */
export const typed = (
  value: TraitValue,
  attribute: Pick<Attribute, 'key' | 'type' | 'choices'>,
  { source, zone }: Saying,
): Typed => {
  if (typeof value === 'string' && isSealed(value)) return sealedOf(value, attribute.key)
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : null
  switch (attribute.type) {
    case 'text':
      return text === null ? wrong : (forms.get(attribute.key)?.(text) ?? { value: text })
    case 'number':
      return numberOf(value)
    case 'money':
      return moneyOf(value, source)
    case 'date':
      return text === null ? wrong : dateOf(text, zone)
    case 'boolean':
      return typeof value === 'boolean' ? { value } : text === null ? wrong : cleaned(boolean(text))
    case 'choice':
      return text === null ? wrong : choiceOf(text, attribute)
    case 'list':
      return typeof value === 'object' ? { value } : text === null ? wrong : cleaned(list(text))
  }
}

/** What was worked out for an attribute: amounts of orders are in minor units already, those of behaviours are as the shop says them. */
export const inMinor = (value: AttributeValue, attribute: Attribute, zone: string): AttributeValue => {
  const { type, computation } = attribute
  if (type !== 'money' || computation?.of.event !== 'behavior.tracked') return value
  if (typeof value !== 'number' && typeof value !== 'string') return value
  const amount = typed(value, attribute, { source: 'ingest', zone })
  return 'value' in amount ? amount.value : value
}
