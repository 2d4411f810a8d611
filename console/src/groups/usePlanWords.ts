import type { PushSchedule } from '@zhiyin/shared/api/push-plans'
import { useI18n } from 'vue-i18n'
import { useNow } from '../kit/clock.ts'
import { momentText } from '../kit/format.ts'
import { useLang } from '../kit/lang.ts'
import { useJoin } from '../kit/words.ts'

/** 每天 09:00, 每周一、三 09:00, or a moment. */
export const usePlanWords = () => {
  const { t } = useI18n({ useScope: 'global' })
  const lang = useLang()
  const now = useNow()
  const join = useJoin()
  return (schedule: PushSchedule): string => {
    if (schedule.type === 'once')
      return t('plans.onceAt', { at: momentText(Date.parse(schedule.at), now.value, lang.value) })
    const { at, weekdays } = schedule
    if (weekdays.length === 0) return t('plans.everyDay', { at })
    return t('plans.everyWeek', { at, days: join.words(weekdays.map((day) => t(`plans.weekdays.d${day}`))) })
  }
}
