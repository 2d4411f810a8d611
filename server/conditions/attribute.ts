import type { AttributeTest } from '@zhiyin/shared/condition'
import type { AttributeValue } from '@zhiyin/shared/attribute'
import { place, placeParts, type PlacePart } from '../cleaning/place.ts'
import { dayMs } from './events.ts'
import { onceFor } from './once-for.ts'
import { seenAttributeFilter, seenKey } from './seen.ts'

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const beginning = (text: string): RegExp => new RegExp(`^${escaped(text)}`, 'i')
const ago = (days: number, now: Date): Date => new Date(now.getTime() - days * dayMs)
const partsOf = (value: AttributeValue): readonly (string | number | boolean | Date)[] =>
  typeof value === 'object' && !(value instanceof Date) ? value : [value]

type Asked = { readonly key: string; readonly test: AttributeTest }

const namesOf = (part: PlacePart, value: string | number | boolean): (string | number | boolean)[] => {
  const named = typeof value === 'string' ? place(part, value) : null
  return named !== null && 'value' in named ? [value, named.value] : [value]
}
const withNames = (part: PlacePart) =>
  onceFor((test: AttributeTest): AttributeTest =>
    test.op === 'is' ? { ...test, values: test.values.flatMap((value) => namesOf(part, value)) } : test,
  )
const ofPlaces = new Map<string, (test: AttributeTest) => AttributeTest>(
  placeParts.map((part) => [part, withNames(part)]),
)
/** Whoever asks for 杭州 means 杭州市, which is how places are kept. */
const testOf = ({ key, test }: Asked): AttributeTest => ofPlaces.get(key)?.(test) ?? test

/** Whether a value passes a test; a list passes when one of its values does. A value of another kind than the test's does not. */
export const attributeMeets = (asked: Asked, value: AttributeValue, now: Date): boolean => {
  const test = testOf(asked)
  return test.op === 'known' || partsOf(value).some((part) => partMeets(test, part, now))
}

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

/**
 * Tests of attributes as filters: those of one attribute together, for it has one entry, which has to pass them all; so that one look into
 * the index serves them.
 */
export const attributeFilters = (asked: readonly Asked[], now: Date): Readonly<Record<string, unknown>>[] => {
  const entries: { key: string; v: ValueFilter }[] = []
  for (const one of asked) {
    const { key } = one
    const v = valueFilter(testOf(one), now)
    const same = entries.find((entry) => entry.key === key && Object.keys(v).every((name) => !(name in entry.v)))
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
