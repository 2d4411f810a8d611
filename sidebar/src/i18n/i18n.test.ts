import { expect, it } from 'vitest'
import { nextTick } from 'vue'
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

const agent = 'Mozilla/5.0 wxwork/4.1.36 MicroMessenger/7.0.1'

it.each([
  [`${agent} NetType/WIFI Language/zh ColorScheme/Light`, 'en-US', 'zh'],
  [`${agent} Language/zh_TW`, 'en-US', 'zh'],
  [`${agent} Language/en`, 'zh-CN', 'en'],
  [agent, 'zh-CN', 'zh'],
  [agent, 'fr', 'en'],
])('follows the client: %s in a browser of %s is %s', (userAgent, language, expected) => {
  expect(chosenLang(memoryStore(), { userAgent, language })).toBe(expected)
  expect(chosenLang(memoryStore({ lang: 'fr' }), { userAgent, language })).toBe(expected)
})

it('keeps what the reader chose, and nothing before that; tells the page its language', async () => {
  const store = memoryStore()
  const chinese = { userAgent: `${agent} Language/zh`, language: 'zh-CN' }
  const words = createWords(store, chinese)
  expect(document.documentElement.lang).toBe('zh-CN')
  expect(store.get('lang')).toBe(null)
  words.global.locale.value = 'en'
  await nextTick()
  expect(document.documentElement.lang).toBe('en')
  expect(chosenLang(store, chinese)).toBe('en')
})
