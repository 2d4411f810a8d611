import { Lang } from '@zhiyin/shared/text'
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { lasting, type Store } from '../platform/storage.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

/** What a browser says about its reader. */
type Browser = Pick<Navigator, 'userAgent' | 'language'>

/** The WeCom client names its own language at the end of its agent string (`Language/zh`, `Language/en`); other browsers name theirs. */
const spokenIn = ({ userAgent, language }: Browser): Lang =>
  /^zh/i.test(/\blanguage\/([\w-]+)/i.exec(userAgent)?.[1] ?? language) ? 'zh' : 'en'

/** The language the reader chose here; before that, the one of the client around the page. */
export const chosenLang = (store: Pick<Store, 'get'> = lasting, browser: Browser = navigator): Lang => {
  const kept = Lang.safeParse(store.get('lang'))
  return kept.success ? kept.data : spokenIn(browser)
}

/** The words in the reader's language. A language set later is a choice, and kept. */
export const createWords = (store: Store = lasting, browser: Browser = navigator) => {
  const i18n = createI18n<[typeof zh], Lang, false>({
    legacy: false,
    locale: chosenLang(store, browser),
    fallbackLocale: 'zh',
    messages: { zh, en },
  })
  const { locale } = i18n.global
  const tellPage = (lang: Lang): void => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  }
  tellPage(locale.value)
  watch(locale, (lang) => {
    tellPage(lang)
    store.set('lang', lang)
  })
  return i18n
}
