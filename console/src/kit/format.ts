import { dayText as wordsOfDay, moneyOf, type Lang } from '@zhiyin/shared/text'
import { dayAfter, zonedTime } from '@zhiyin/shared/zone'

const at = (ms: number, zone: string) => zonedTime(new Date(ms), zone)

/** The day in a zone as 2026-11-23, to compare days; `later`: so many days after it, of whatever length. */
export const dayOf = (ms: number, zone: string, later = 0): string => dayAfter(at(ms, zone).date, later)

/** A day as 2026-08-03 in words; it is a day, whatever the zone. */
export const dayText = (day: string, now: number, lang: Lang, zone: string): string =>
  wordsOfDay(day, dayOf(now, zone), lang)

/** 8 月 3 日, with the year where it is not this one. */
export const dateText = (ms: number, now: number, lang: Lang, zone: string): string =>
  dayText(dayOf(ms, zone), now, lang, zone)

export const clockText = (ms: number, zone: string): string => at(ms, zone).clock

const counted = (n: number, zh: string, en: string, lang: Lang): string =>
  lang === 'zh' ? `${n} ${zh}前` : `${n} ${en} ago`

const comingDay = (ms: number, now: number, lang: Lang, zone: string): string => {
  const days = at(ms, zone).day - at(now, zone).day
  if (days === 0) return lang === 'zh' ? '今天' : 'today'
  if (days === 1) return lang === 'zh' ? '明天' : 'tomorrow'
  return dateText(ms, now, lang, zone)
}

/** How long ago, in words: 2 秒前, 5 分钟前, 3 小时前, 昨天 14:02, then the date; what is still to come as 明天 14:02. */
export const agoText = (ms: number, now: number, lang: Lang, zone: string): string => {
  const seconds = Math.floor((now - ms) / 1000)
  if (seconds < -60) return `${comingDay(ms, now, lang, zone)} ${clockText(ms, zone)}`
  if (seconds < 1) return lang === 'zh' ? '刚刚' : 'just now'
  if (seconds < 60) return counted(seconds, '秒', 's', lang)
  if (seconds < 3600) return counted(Math.floor(seconds / 60), '分钟', 'min', lang)
  const nights = at(now, zone).day - at(ms, zone).day
  if (nights === 0) return counted(Math.floor(seconds / 3600), '小时', 'h', lang)
  if (nights === 1) return `${lang === 'zh' ? '昨天' : 'yesterday'} ${clockText(ms, zone)}`
  const days = Math.floor(seconds / 86_400)
  return days < 7 ? counted(Math.max(days, 2), '天', 'days', lang) : dateText(ms, now, lang, zone)
}

export const momentText = (ms: number, now: number, lang: Lang, zone: string): string =>
  `${dateText(ms, now, lang, zone)} ${clockText(ms, zone)}`

export const countText = (n: number): string => n.toLocaleString('en-US')

export { moneyOf as moneyText }
