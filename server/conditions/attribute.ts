import type { AttributeTest } from '@zhiyin/shared/condition'
import type { AttributeValue } from '@zhiyin/shared/attribute'
import { dayMs } from './events.ts'
import { seenAttributeFilter, seenKey } from './seen.ts'

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

type ValueFilter = Readonly<Record<string, unknown>>

/** The same test on the `v` of a stored attribute. */
const valueFilter = (test: AttributeTest, now: Date): ValueFilter => {
  switch (test.op) {
    case 'is':
      return { $in: test.values }
    case 'at_least':
      return { $gte: test.value }
    case 'at_most':
      return { $lte: test.value }
    case 'begins':
      return { $regex: `^${escaped(test.value)}`, $options: 'i' }
    case 'before':
      return { $lt: new Date(test.date) }
    case 'since':
      return { $gte: new Date(test.date) }
    case 'within_days':
      return { $gt: ago(test.days, now), $lte: now }
    case 'older_days':
      return { $lte: ago(test.days, now) }
    case 'known':
      return {}
  }
}

type Asked = { readonly key: string; readonly test: AttributeTest }

/**
 * Tests of attributes as filters: those of one attribute together, for it has one entry, which has to pass them all; so that one look into
 * the index serves them.
 */
export const attributeFilters = (asked: readonly Asked[], now: Date): Readonly<Record<string, unknown>>[] => {
  const entries: { key: string; v: ValueFilter }[] = []
  for (const { key, test } of asked) {
    const v = valueFilter(test, now)
    const same = entries.find((one) => one.key === key && Object.keys(v).every((operator) => !(operator in one.v)))
    if (same === undefined) entries.push({ key, v })
    else same.v = { ...same.v, ...v }
  }
  return entries.map(({ key, v }) =>
    key === seenKey
      ? seenAttributeFilter(v)
      : { attrs: { $elemMatch: { k: key, ...(Object.keys(v).length === 0 ? {} : { v }) } } },
  )
}

/** The moments at which time alone changes whether a value passes. */
export const attributeMoments = (test: AttributeTest, value: AttributeValue): Date[] =>
  test.op !== 'within_days' && test.op !== 'older_days'
    ? []
    : partsOf(value).flatMap((part) =>
        part instanceof Date ? [part, new Date(part.getTime() + test.days * dayMs)] : [],
      )
