import type { Lang } from '@zhiyin/shared/text'
import { computed, type WritableComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { setLang } from '../i18n/index.ts'

/** The reader's language; setting it loads the words, keeps the choice and turns the page. */
export const useLang = (): WritableComputedRef<Lang> => {
  const { locale } = useI18n({ useScope: 'global' })
  return computed({
    get: () => (locale.value === 'en' ? 'en' : 'zh'),
    set: (lang) => void setLang(lang),
  })
}
