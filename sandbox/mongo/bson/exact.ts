import { Decimal128, Long } from 'bson'
import { toNumber } from './values.ts'

/** A number as an exact fraction n/d with d > 0. */
export interface Fraction {
  n: bigint
  d: bigint
}

/** A decimal as coefficient × 10^exponent. */
export interface DecimalParts {
  coefficient: bigint
  exponent: number
}

/** Takes a finite Decimal128 apart; undefined for NaN and the infinities. */
export function decimalParts(value: Decimal128): DecimalParts | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/i.exec(value.toString())
  if (match === null) return undefined
  const [, sign, whole = '0', part = '', exponent = '0'] = match
  const digits = BigInt(whole + part)
  return { coefficient: sign === '-' ? -digits : digits, exponent: Number(exponent) - part.length }
}

const scratch = new DataView(new ArrayBuffer(8))

/** The exact value of a finite double. */
export function doubleFraction(value: number): Fraction {
  scratch.setFloat64(0, value)
  const bits = scratch.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const mantissa = bits & 0xfffffffffffffn
  const magnitude = exponent === 0 ? mantissa : mantissa | (1n << 52n)
  const shift = (exponent === 0 ? 1 : exponent) - 1075
  const n = value < 0 ? -magnitude : magnitude
  return shift >= 0 ? { n: n << BigInt(shift), d: 1n } : { n, d: 1n << BigInt(-shift) }
}

/** The next double above (step 1) or below (step -1) a finite double. */
export function nextDouble(value: number, step: 1 | -1): number {
  if (value === 0) return step * Number.MIN_VALUE
  scratch.setFloat64(0, value)
  const bits = scratch.getBigInt64(0)
  scratch.setBigInt64(0, value > 0 === step > 0 ? bits + 1n : bits - 1n)
  return scratch.getFloat64(0)
}

/** The exact value of a finite BSON number; undefined for NaN and the infinities. */
export function fraction(value: unknown): Fraction | undefined {
  if (value instanceof Decimal128) {
    const parts = decimalParts(value)
    if (parts === undefined) return undefined
    const power = 10n ** BigInt(Math.abs(parts.exponent))
    return parts.exponent >= 0 ? { n: parts.coefficient * power, d: 1n } : { n: parts.coefficient, d: power }
  }
  if (value instanceof Long) return { n: value.toBigInt(), d: 1n }
  if (typeof value === 'bigint') return { n: value, d: 1n }
  const number = toNumber(value)
  return number === undefined || !Number.isFinite(number) ? undefined : doubleFraction(number)
}

/** Compares two fractions. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const left = a.n * b.d
  const right = b.n * a.d
  return left < right ? -1 : left > right ? 1 : 0
}
