import { hiddenValue } from '../platform/personal.ts'
import type { Person } from './types.ts'

/** Shorter numbers of a shop (“2026”) stand in texts that mean nobody. */
const shortestId = 8
/** Shorter names in letters are words. */
const shortestLetters = 4

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const among = (parts: readonly string[], before: string, after: string): string[] =>
  parts.length === 0 ? [] : [`(?<!${before})(?:${parts.join('|')})(?!${after})`]

/** A number as people write it: with gaps, with or without the country. */
const numberOf = (contact: string): string =>
  `(?:\\+?86[ -]?)?${[...contact.replace(/^\+?86(?=1\d{10}$)/, '').replace(/\D/g, '')].join('[ -]?')}`
const isNumber = (contact: string): boolean => /^\+?[\d -]{7,}$/.test(contact)
const isLetters = (name: string): boolean => /^[\p{Script=Latin}\d\s._-]+$/u.test(name)

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Date)

/** The same value with every text in it changed. */
export const inTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((part) => inTexts(part, change))
  return isPlain(value) ? inFields(value, change) : value
}
export const inFields = (fields: object, change: (text: string) => string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, part]) => [key, inTexts(part, change)]))

/** What names one person in a text that somebody else wrote: what is theirs alone, and what others may be called too. */
export const createNaming = ({ ids: theirs, keys, externalUserIds, contacts, names }: Person) => {
  const others = keys.flatMap((key) => key.slice(key.indexOf(':') + 1))
  const ids = [...theirs, ...externalUserIds, ...others.filter((id) => id.length >= shortestId)]
  const numbers = contacts.filter(isNumber)
  const words = [...new Set([...ids, ...contacts.filter((one) => !isNumber(one))])].filter((id) => id !== '')
  const own = [...among(numbers.map(numberOf), '\\d', '\\d'), ...among(words.map(literal), '\\w', '\\w')]
  const letters = names.filter((name) => isLetters(name) && name.length >= shortestLetters)
  const called = [
    ...among(letters.map(literal), '\\p{Script=Latin}', '\\p{Script=Latin}'),
    ...names.filter((name) => !isLetters(name)).map(literal),
  ]
  const take = (text: string, parts: readonly string[]): string =>
    parts.length === 0 ? text : text.replace(new RegExp(parts.join('|'), 'giu'), hiddenValue)

  return {
    /** A text without what is theirs alone; `all`: without their names too. The same text where it names them not. */
    masked: (text: string, all: boolean): string => take(text, all ? [...own, ...called] : own),
  }
}

export type Naming = ReturnType<typeof createNaming>
