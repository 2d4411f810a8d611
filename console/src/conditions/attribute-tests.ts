import type { AttributeType } from '@zhiyin/shared/attribute'
import type { AttributeTest } from '@zhiyin/shared/condition'
import { dayOf } from '../kit/format.ts'

type Op = AttributeTest['op']

/** What can be asked of a value of each type. */
export const testsOf: Readonly<Record<AttributeType, readonly Op[]>> = {
  text: ['is', 'begins', 'known'],
  number: ['at_least', 'at_most', 'known'],
  money: ['at_least', 'at_most', 'known'],
  date: ['within_days', 'older_days', 'since', 'before', 'known'],
  boolean: ['is', 'known'],
  choice: ['is', 'known'],
  list: ['is', 'begins', 'known'],
}

/** A day as a condition keeps it. */
const midnight = (now: number, zone: string): string => `${dayOf(now, zone)}T00:00:00.000Z`

/** A test to begin with. */
export const startTest = (op: Op, type: AttributeType, now: number, zone: string): AttributeTest => {
  switch (op) {
    case 'is':
      return { op, values: type === 'boolean' ? [true] : [] }
    case 'at_least':
    case 'at_most':
      return { op, value: type === 'money' ? 10_000 : 1 }
    case 'begins':
      return { op, value: '' }
    case 'before':
    case 'since':
      return { op, date: midnight(now, zone) }
    case 'within_days':
    case 'older_days':
      return { op, days: 30 }
    case 'known':
      return { op }
  }
}
