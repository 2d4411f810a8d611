import { expect, it } from 'vitest'
import { memoryStore } from '../testing/within.ts'
import { en } from './en.ts'
import { chosenLang, createWords } from './i18n.ts'
import { zh } from './zh.ts'

const flat = (tree: object, at = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]: [string, unknown]): [string, string][] =>
    typeof value === 'string'
      ? [[at + key, value]]
      : typeof value === 'object' && value !== null
        ? flat(value, `${at}${key}.`)
        : [],
  )
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '').toSorted()

it('says the same in both languages, with the same parameters', () => {
  const english = new Map(flat(en))
  for (const [key, text] of flat(zh)) {
    expect(text, key).not.toBe('')
    expect(holes(english.get(key) ?? ''), key).toEqual(holes(text))
  }
})

it('uses full-width punctuation in Chinese', () => {
  for (const [key, text] of flat(zh)) expect(text, key).not.toMatch(/[\u4e00-\u9fff][,;:!?()]|\.\.\./)
})

it('starts in Chinese, keeps the choice and tells the page its language', async () => {
  const store = memoryStore()
  expect(chosenLang(store)).toBe('zh')
  const words = createWords(store)
  words.global.locale.value = 'en'
  await Promise.resolve()
  expect(chosenLang(store)).toBe('en')
  expect(document.documentElement.lang).toBe('en')
  expect(chosenLang(memoryStore({ lang: 'fr' }))).toBe('zh')
})
