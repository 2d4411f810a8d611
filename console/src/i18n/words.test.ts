import { expect, it } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

const flat = (words: object, under = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[under + key, value] satisfies [string, string]]
      : flat(Object(value), `${under}${key}.`),
  )
/** Each name once: English says some things in a singular and a plural form. */
const slots = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].toSorted((a, b) =>
    String(a).localeCompare(String(b)),
  )

it('names the same values in both languages', () => {
  const english = new Map(flat(en))
  for (const [key, text] of flat(zh)) expect([key, slots(english.get(key) ?? '')]).toEqual([key, slots(text)])
})
