import type { Attribute, AttributeType } from '@zhiyin/shared/attribute'
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

/** Throws attribute.reserved, attribute.type, attribute.choices. */
export const checkAttribute = (attribute: Attribute): void => {
  const { key, type, choices } = attribute
  if (reserved.has(key) || builtInKeys.has(key)) throw new AppError('attribute.reserved', { params: { key } })
  const types = typesOf(attribute)
  if (!types.includes(type)) throw new AppError('attribute.type', { params: { type: types[0] ?? 'text' } })
  if (type === 'choice' && choices.length === 0) throw new AppError('attribute.choices', {})
}
