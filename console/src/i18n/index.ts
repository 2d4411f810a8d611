import type { Lang } from '@zhiyin/shared/text'
import { createI18n } from 'vue-i18n'
import { zh, type Words } from './zh.ts'

declare module 'vue-i18n' {
  // The words of the product give every key its type.
  export interface DefineLocaleMessage extends Words {}
}

const kept = 'zhiyin.lang'

export const i18n = createI18n<[Words], Lang, false>({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh, en: zh },
})

let enLoaded = false

export const setLang = async (lang: Lang): Promise<void> => {
  if (lang === 'en' && !enLoaded) {
    const { en } = await import('./en.ts')
    i18n.global.setLocaleMessage('en', en)
    enLoaded = true
  }
  i18n.global.locale.value = lang
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem(kept, lang)
}

/** The language chosen before on this machine; Chinese where none was. */
export const keptLang = (): Lang => (localStorage.getItem(kept) === 'en' ? 'en' : 'zh')
