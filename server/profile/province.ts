import { provinceOf } from '../cleaning/place.ts'
import { isSealed } from '../platform/vault.ts'
import type { Said } from './said.ts'
import type { Told } from './told.ts'

/** The province that a city lies in: as sure as the city is, but never as sure as what somebody states. */
export const provinceBy = (city: Said | null): Told | null => {
  if (city === null || city.best.problem !== null) return null
  const { value, at, confidence } = city.best
  const province = typeof value !== 'string' || isSealed(value) ? null : provinceOf(value)
  return province === null ? null : { value: province, source: 'computed', at, sure: Math.min(0.9, confidence) }
}
