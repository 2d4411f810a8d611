import { useI18n } from 'vue-i18n'

/** Joins words and sentences with the punctuation of the reader's language. */
export const useJoin = () => {
  const { t } = useI18n({ useScope: 'global' })
  return {
    words: (items: readonly string[]): string => items.join(t('state.comma')),
    sentences: (items: readonly string[]): string => items.join(t('state.semicolon')),
  }
}
