import type { LayerValue } from '@zhiyin/shared/customer'
import { label, type Lang } from '@zhiyin/shared/text'
import { dayOfValue } from '@zhiyin/shared/value-entry'
import { dayText, moneyText } from '../kit/format.ts'

/** A profile value in words: money, dates and closed words as a person writes them. */
export const valueText = (
  { key, kind }: Pick<LayerValue, 'key' | 'kind'>,
  value: LayerValue['value'],
  now: number,
  lang: Lang,
  zone: string,
): string => {
  if (Array.isArray(value)) return value.join(lang === 'zh' ? '、' : ', ')
  if (typeof value === 'boolean') return value ? '✓' : '—'
  if (kind === 'choice') return label(key, String(value), lang)
  if (kind === 'money' && typeof value === 'number') return moneyText(value)
  if (kind === 'date') {
    const day = dayOfValue(value, zone)
    return day === null ? String(value) : dayText(day, now, lang, zone)
  }
  if (typeof value !== 'number') return value
  return key.endsWith('_rate')
    ? `${Math.round(value * 100)}%`
    : value.toLocaleString('en-US', { maximumFractionDigits: 1 })
}
