import { expect, it } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

const flat = (words: object, under = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[under + key, value] satisfies [string, string]]
      : flat(Object(value), `${under}${key}.`),
  )
const slots = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted((a, b) => String(a).localeCompare(String(b)))

it('names the same values in both languages', () => {
  const english = new Map(flat(en))
  for (const [key, text] of flat(zh)) expect([key, slots(english.get(key) ?? '')]).toEqual([key, slots(text)])
})
