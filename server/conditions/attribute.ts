import type { AttributeTest } from '@zhiyin/shared/condition'
import type { AttributeValue } from '@zhiyin/shared/attribute'
import { dayMs } from './events.ts'

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const beginning = (text: string): RegExp => new RegExp(`^${escaped(text)}`, 'i')
const ago = (days: number, now: Date): Date => new Date(now.getTime() - days * dayMs)
const partsOf = (value: AttributeValue): readonly (string | number | boolean | Date)[] =>
  typeof value === 'object' && !(value instanceof Date) ? value : [value]

/** Whether a value passes a test; a list passes when one of its values does. A value of another kind than the test's does not. */
export const attributeMeets = (test: AttributeTest, value: AttributeValue, now: Date): boolean =>
  test.op === 'known' || partsOf(value).some((part) => partMeets(test, part, now))

const partMeets = (test: AttributeTest, part: string | number | boolean | Date, now: Date): boolean => {
  switch (test.op) {
    case 'is':
      return test.values.some((value) => value === part)
    case 'at_least':
      return typeof part === 'number' && part >= test.value
    case 'at_most':
      return typeof part === 'number' && part <= test.value
    case 'begins':
      return typeof part === 'string' && beginning(test.value).test(part)
    case 'before':
      return part instanceof Date && part < new Date(test.date)
    case 'since':
      return part instanceof Date && part >= new Date(test.date)
    case 'within_days':
      return part instanceof Date && part > ago(test.days, now) && part <= now
    case 'older_days':
      return part instanceof Date && part <= ago(test.days, now)
    case 'known':
      return true
  }
}

/** The same test on the `v` of a stored attribute. */
export const attributeFilter = (test: AttributeTest, now: Date): Readonly<Record<string, unknown>> => {
  switch (test.op) {
    case 'is':
      return { v: { $in: test.values } }
    case 'at_least':
      return { v: { $gte: test.value } }
    case 'at_most':
      return { v: { $lte: test.value } }
    case 'begins':
      return { v: { $regex: `^${escaped(test.value)}`, $options: 'i' } }
    case 'before':
      return { v: { $lt: new Date(test.date) } }
    case 'since':
      return { v: { $gte: new Date(test.date) } }
    case 'within_days':
      return { v: { $gt: ago(test.days, now), $lte: now } }
    case 'older_days':
      return { v: { $lte: ago(test.days, now) } }
    case 'known':
      return {}
  }
}

/** The moments at which time alone changes whether a value passes. */
export const attributeMoments = (test: AttributeTest, value: AttributeValue): Date[] =>
  test.op !== 'within_days' && test.op !== 'older_days'
    ? []
    : partsOf(value).flatMap((part) =>
        part instanceof Date ? [part, new Date(part.getTime() + test.days * dayMs)] : [],
      )
