import type { LayerValue } from '@zhiyin/shared/customer'
import { clock } from '../platform/clock.ts'
import { sessionOf } from '../session/useSession.ts'
import { useWords } from '../words/useWords.ts'
import { valueText } from './valueText.ts'

/** Values of the profile in the reader's language, as of now. */
export const useValueText = () => {
  const { t, lang } = useWords()
  const { now } = clock.use()
  const { zone } = sessionOf.use()
  return ({ key, kind }: Pick<LayerValue, 'key' | 'kind'>, value: LayerValue['value']): string =>
    valueText(key, kind, value, {
      lang: lang.value,
      now: now.value,
      zone: zone.value,
      birthday: (next) => t(next.days === 0 ? 'profile.birthdayToday' : 'profile.birthday', next),
    })
}
