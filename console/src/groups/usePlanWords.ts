import { label } from '@zhiyin/shared/text'
import type { PushAudience, PushSchedule } from '@zhiyin/shared/push-plan'
import { useI18n } from 'vue-i18n'
import { useNow } from '../kit/clock.ts'
import { momentText } from '../kit/format.ts'
import { useLang } from '../kit/lang.ts'
import { useJoin } from '../kit/words.ts'
import { useZone } from '../kit/zone.ts'

/** When and to whom, in words: 每周一、三 09:00，只在工作日; A 高价值 · 客户群 · 华东. */
export const usePlanWords = () => {
  const { t } = useI18n({ useScope: 'global' })
  const lang = useLang()
  const zone = useZone()
  const now = useNow()
  const join = useJoin()
  const daysOf = ({ weekdays, monthdays, at }: Extract<PushSchedule, { type: 'repeated' }>): string => {
    if (monthdays.length > 0) return t('plans.everyMonth', { at, days: join.words(monthdays.map(String)) })
    if (weekdays.length === 0) return t('plans.everyDay', { at })
    const named = weekdays.map((day) => t(`plans.weekdays.d${String(day)}`))
    return t('plans.everyWeek', { at, days: join.words(named) })
  }
  return {
    when: (schedule: PushSchedule): string => {
      if (schedule.type === 'dates')
        return join.words(schedule.at.map((at) => momentText(Date.parse(at), now.value, lang.value, zone)))
      const on = schedule.days === 'any' ? [] : [t(`plans.dayKinds.${schedule.days}`)]
      return join.words([daysOf(schedule), ...on])
    },
    /** `ownerNames`: by userid. */
    whom: (audience: PushAudience, ownerNames: ReadonlyMap<string, string>): string => {
      if (audience.type === 'named') return t('plans.named', { n: audience.groupIds.length })
      const { kinds, tiers, owners, tags } = audience
      const parts = [
        kinds.map((kind) => t(`groups.kinds.${kind}`)),
        tiers.map((tier) => label('tier', tier, lang.value)),
        owners.map((userid) => ownerNames.get(userid) ?? userid),
        tags,
      ].filter((words) => words.length > 0)
      return parts.length === 0 ? t('plans.all') : parts.map(join.words).join(' · ')
    },
  }
}
