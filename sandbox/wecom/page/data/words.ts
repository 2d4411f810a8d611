import { computed, ref } from 'vue'
import * as chat from './words/chat.ts'
import * as client from './words/client.ts'
import * as mass from './words/mass.ts'
import * as people from './words/people.ts'
import * as sandbox from './words/sandbox.ts'

export type Lang = 'zh' | 'en'

const zh = { ...client.zh, ...people.zh, ...chat.zh, ...mass.zh, ...sandbox.zh }
const en: Record<keyof typeof zh, string> = { ...client.en, ...people.en, ...chat.en, ...mass.en, ...sandbox.en }

const dictionaries = { zh, en }
export type WordKey = keyof typeof zh

/** The page's two languages; `t('toCustomers', { n: 3 })` fills the braces. */
export function createWords(first: Lang, onChange: (lang: Lang) => void) {
  const lang = ref<Lang>(first)
  const words = computed(() => dictionaries[lang.value])
  function t(key: WordKey, values: Record<string, string | number> = {}): string {
    return words.value[key].replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''))
  }
  function toggle() {
    lang.value = lang.value === 'zh' ? 'en' : 'zh'
    onChange(lang.value)
  }
  return { lang, t, toggle }
}
export type Words = ReturnType<typeof createWords>
