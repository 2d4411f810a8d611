import { Lang } from '@zhiyin/shared/text'
import { watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'
import { lasting, type Store } from '../platform/storage.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

/** Chinese unless the reader chose otherwise. */
export const chosenLang = (store: Pick<Store, 'get'> = lasting): Lang => {
  const kept = Lang.safeParse(store.get('lang'))
  return kept.success ? kept.data : 'zh'
}

export const createWords = (store: Store = lasting) => {
  const i18n = createI18n<[typeof zh], Lang, false>({
    legacy: false,
    locale: chosenLang(store),
    fallbackLocale: 'zh',
    messages: { zh, en },
  })
  watchEffect(() => {
    const lang = i18n.global.locale.value
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
    store.set('lang', lang)
  })
  return i18n
}
