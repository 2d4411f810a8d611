import type { LayerValue } from '@zhiyin/shared/customer'
import { dayText, label, moneyOf, type Lang } from '@zhiyin/shared/text'
import { dayOfValue } from '@zhiyin/shared/value-entry'
import { zonedTime } from '@zhiyin/shared/zone'
import { birthdayIn } from '../words/when.ts'

type Raw = LayerValue['value']
export type Spoken = {
  lang: Lang
  now: number
  /** The company's time zone. */
  zone: string
  birthday: (next: { day: string; days: number }) => string
}

const yesNo = { zh: ['是', '否'], en: ['yes', 'no'] } as const

const numberOf = (key: string, value: number): string => {
  if (/(_rate|_share)$/.test(key) && value >= 0 && value <= 1) return `${Math.round(value * 100)}%`
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 })
}

/** A value of the profile as a person would write it. */
export const valueText = (key: string, kind: LayerValue['kind'], value: Raw, spoken: Spoken): string => {
  const { lang, now, zone } = spoken
  if (Array.isArray(value)) return value.join(lang === 'zh' ? '、' : ', ')
  if (typeof value === 'boolean') return yesNo[lang][value ? 0 : 1]
  if (kind === 'choice') return label(key, String(value), lang)
  if (typeof value === 'number') return kind === 'money' ? moneyOf(value) : numberOf(key, value)
  if (key === 'birthday') {
    const next = birthdayIn(value, now, lang, zone)
    if (next !== null) return spoken.birthday(next)
  }
  const day = kind === 'date' ? dayOfValue(value, zone) : null
  return day === null ? value : dayText(day, zonedTime(new Date(now), zone).date, lang)
}
