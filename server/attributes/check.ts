import {
  isOfOrders,
  orderProperties,
  type Attribute,
  type AttributeType,
  type Computation,
} from '@zhiyin/shared/attribute'
import { builtInKeys } from '@zhiyin/shared/built-in-attributes'
import { purposes } from '@zhiyin/shared/consent'
import { AppError } from '../platform/errors.ts'

/** Names that traits come under but that are kept as something else. */
const reserved: ReadonlySet<string> = new Set([
  'external_userid',
  'unionid',
  'user_id',
  'anonymous_id',
  'marketing_consent_note',
  ...purposes.map((purpose) => `${purpose}_consent`),
])

/** Whether a key stands for something that is no attribute. */
export const isReserved = (key: string): boolean => reserved.has(key) || builtInKeys.has(key)

const anyType: readonly AttributeType[] = ['text', 'number', 'money', 'date', 'boolean', 'choice', 'list']

/** The types a computation comes to. */
const typesOf = ({ computation }: Attribute): readonly AttributeType[] => {
  switch (computation?.type) {
    case 'count':
    case 'unique':
    case 'ratio':
    case 'median_gap':
      return ['number']
    case 'sum':
    case 'average':
      return ['number', 'money']
    case 'top':
      return ['list']
    case 'first':
    case 'last':
      return computation.property === null ? ['date'] : anyType
    case undefined:
      return anyType
  }
}

/** Of orders only what is known of every one can be asked for. Throws attribute.property. */
const checkProperties = (computation: Computation): void => {
  const asked = 'property' in computation ? computation.property : null
  const all = computation.type === 'ratio' ? [computation.of, computation.to] : [computation.of]
  for (const { event, where } of all) {
    if (!isOfOrders(event)) continue
    const names = orderProperties[event]
    const named = [...(asked === null ? [] : [asked]), ...where.map(({ property }) => property)]
    const name = named.find((one) => !names.includes(one))
    if (name !== undefined)
      throw new AppError('attribute.property', { params: { event, name, names: names.join('、') } })
  }
}

/** Throws attribute.reserved, attribute.type, attribute.choices, attribute.property. */
export const checkAttribute = (attribute: Attribute): void => {
  const { key, type, choices } = attribute
  if (isReserved(key)) throw new AppError('attribute.reserved', { params: { key } })
  const types = typesOf(attribute)
  if (!types.includes(type)) throw new AppError('attribute.type', { params: { type: types[0] ?? 'text' } })
  if (attribute.computation !== null) checkProperties(attribute.computation)
  if (type === 'choice' && choices.length === 0) throw new AppError('attribute.choices', {})
}
