import type { IntentChannel } from '@zhiyin/shared/intent'
import { useI18n } from 'vue-i18n'

type Caused = { readonly channel: IntentChannel; readonly names: readonly (string | null)[] }

/** What wanted a send, in words: the rule or broadcast where there is one, else what its channel tells. */
export const useCause = () => {
  const { t } = useI18n({ useScope: 'global' })
  return ({ channel, names }: Caused): string => {
    const named = names.find((name) => name !== null && name !== '')
    if (typeof named === 'string') return named
    if (channel === 'mark_tag') return '—'
    return t(channel === 'group_mass' || channel === 'robot' ? 'sends.groupPush' : 'sends.byHand')
  }
}
