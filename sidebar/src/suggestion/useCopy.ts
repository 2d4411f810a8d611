import { useI18n } from 'vue-i18n'
import { notice } from '../shell/useNotice.ts'

/** Puts a text on the clipboard and says so. */
export const useCopy = (): ((text: string) => Promise<void>) => {
  const { t } = useI18n()
  const { say } = notice.use()
  return async (text) => {
    try {
      await navigator.clipboard.writeText(text)
      say(t('suggest.copied'))
    } catch {
      say(t('suggest.copyFailed'), 'bad')
    }
  }
}
