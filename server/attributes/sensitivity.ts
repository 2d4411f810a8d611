import type { Attribute } from '@zhiyin/shared/attribute'
import { isEditable } from '@zhiyin/shared/built-in-attributes'
import { AppError } from '../platform/errors.ts'

/**
 * What is worked out of what happened is kept as it happened, and cannot be sealed; only what somebody states can.
 * Throws attribute.not_stated.
 */
export const checkSensitivity = (attribute: Attribute): void => {
  const stated = attribute.computation === null && isEditable(attribute)
  if (attribute.sensitivity === 'sensitive' && !stated)
    throw new AppError('attribute.not_stated', { params: { name: attribute.name } })
}
