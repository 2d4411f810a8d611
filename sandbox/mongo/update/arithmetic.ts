import { Decimal128, Double, Int32, Long } from 'bson'
import { decimalParts } from '../bson/exact.ts'
import { bsonType, toNumber } from '../bson/values.ts'
import { fail } from '../errors.ts'

const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)

function asBigInt(value: unknown): bigint {
  return value instanceof Long ? value.toBigInt() : BigInt(toNumber(value) ?? 0)
}

function fromBigInt(value: bigint, narrow: boolean): Int32 | Long {
  if (value > INT64_MAX || value < INT64_MIN)
    return fail(2, 'Failed to apply operations to current value: integer overflow')
  const fits = value >= -2147483648n && value <= 2147483647n
  return narrow && fits ? new Int32(Number(value)) : Long.fromBigInt(value)
}

function asDecimal(value: unknown): Decimal128 {
  return value instanceof Decimal128
    ? value
    : Decimal128.fromStringWithRounding(String(value instanceof Long ? value : toNumber(value)))
}

function decimalResult(a: unknown, b: unknown, operation: 'add' | 'multiply'): Decimal128 {
  const left = decimalParts(asDecimal(a))
  const right = decimalParts(asDecimal(b))
  if (left === undefined || right === undefined) return Decimal128.fromString('NaN')
  if (operation === 'multiply') {
    return Decimal128.fromStringWithRounding(
      `${left.coefficient * right.coefficient}E${left.exponent + right.exponent}`,
    )
  }
  const exponent = Math.min(left.exponent, right.exponent)
  const scaled = (part: { coefficient: bigint; exponent: number }): bigint =>
    part.coefficient * 10n ** BigInt(part.exponent - exponent)
  return Decimal128.fromStringWithRounding(`${scaled(left) + scaled(right)}E${exponent}`)
}

/** Adds or multiplies two BSON numbers; the result has the class MongoDB gives it (int grows to long, double and decimal win). */
export function arithmetic(a: unknown, b: unknown, operation: 'add' | 'multiply'): unknown {
  const types = [bsonType(a), bsonType(b)]
  if (types.includes('decimal')) return decimalResult(a, b, operation)
  if (types.includes('double')) {
    const x = toNumber(a) ?? NaN
    const y = toNumber(b) ?? NaN
    return new Double(operation === 'add' ? x + y : x * y)
  }
  const x = asBigInt(a)
  const y = asBigInt(b)
  return fromBigInt(operation === 'add' ? x + y : x * y, !types.includes('long'))
}

/** Applies `and`, `or` or `xor` to two integers; throws BadValue for anything but int and long. */
export function bitwise(current: unknown, operation: string, operand: unknown): unknown {
  const types = [bsonType(current), bsonType(operand)]
  if (types.some((type) => type !== 'int' && type !== 'long'))
    fail(2, 'Cannot apply $bit to a value of non-integral type.')
  const x = asBigInt(current)
  const y = asBigInt(operand)
  if (operation === 'and') return fromBigInt(x & y, !types.includes('long'))
  if (operation === 'or') return fromBigInt(x | y, !types.includes('long'))
  if (operation === 'xor') return fromBigInt(x ^ y, !types.includes('long'))
  return fail(
    2,
    `The $bit modifier only supports 'and', 'or', and 'xor', not '${operation}' which is an unknown operator`,
  )
}
