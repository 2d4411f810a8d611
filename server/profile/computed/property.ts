import type { TraitValue } from '../state/state.ts'
import { traitValue } from '../state/traits.ts'

type Parts = Readonly<Record<string, unknown>>

const isParts = (value: unknown): value is Parts => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an event says of a property: its own, or that of its products (then as a list). */
export const propertyOf = (parts: Parts, property: string): TraitValue | null => {
  const own = Object.hasOwn(parts, property) ? traitValue(parts[property]) : null
  if (own !== null) return own
  const products = parts['products']
  if (!Array.isArray(products)) return null
  return traitValue(products.map((product: unknown) => (isParts(product) ? product[property] : null)))
}

export const isOneOf = (value: TraitValue | null, wanted: readonly TraitValue[]): boolean =>
  value !== null && (typeof value === 'object' ? value.some((part) => wanted.includes(part)) : wanted.includes(value))

export const numberIn = (value: TraitValue | null): number | null => {
  if (typeof value === 'number') return value
  const read = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN
  return Number.isFinite(read) ? read : null
}
