import { moneyOf, type Lang } from '@zhiyin/shared/text'

const zone = 'Asia/Shanghai'

const partsOf = (ms: number, lang: Lang): Record<string, string> => {
  const format = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: lang === 'zh' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
}

/** The day in a zone as 2026-11-23, to compare days. */
export const dayOf = (ms: number, timeZone = zone): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(ms)

/** 8 月 3 日, with the year where it is not this one. */
export const dateText = (ms: number, now: number, lang: Lang): string => {
  const { year = '', month = '', day = '' } = partsOf(ms, lang)
  const sameYear = year === partsOf(now, lang)['year']
  if (lang === 'zh') return sameYear ? `${month} 月 ${day} 日` : `${year} 年 ${month} 月 ${day} 日`
  return sameYear ? `${day} ${month}` : `${day} ${month} ${year}`
}

/** A day as 2026-08-03 in words; it is a day, whatever the zone. */
export const dayText = (day: string, now: number, lang: Lang): string =>
  dateText(Date.parse(`${day}T12:00:00+08:00`), now, lang)

export const clockText = (ms: number, lang: Lang): string => {
  const { hour = '', minute = '' } = partsOf(ms, lang)
  return `${hour}:${minute}`
}

const counted = (n: number, zh: string, en: string, lang: Lang): string =>
  lang === 'zh' ? `${n} ${zh}前` : `${n} ${en} ago`

const comingDay = (ms: number, now: number, lang: Lang): string => {
  if (dayOf(ms) === dayOf(now)) return lang === 'zh' ? '今天' : 'today'
  if (dayOf(ms) === dayOf(now + 86_400_000)) return lang === 'zh' ? '明天' : 'tomorrow'
  return dateText(ms, now, lang)
}

/** How long ago, in words: 2 秒前, 5 分钟前, 3 小时前, 昨天 14:02, then the date; what is still to come as 明天 14:02. */
export const agoText = (ms: number, now: number, lang: Lang): string => {
  const seconds = Math.floor((now - ms) / 1000)
  if (seconds < -60) return `${comingDay(ms, now, lang)} ${clockText(ms, lang)}`
  if (seconds < 1) return lang === 'zh' ? '刚刚' : 'just now'
  if (seconds < 60) return counted(seconds, '秒', 's', lang)
  if (seconds < 3600) return counted(Math.floor(seconds / 60), '分钟', 'min', lang)
  if (dayOf(ms) === dayOf(now)) return counted(Math.floor(seconds / 3600), '小时', 'h', lang)
  if (dayOf(ms) === dayOf(now - 86_400_000)) return `${lang === 'zh' ? '昨天' : 'yesterday'} ${clockText(ms, lang)}`
  const days = Math.floor(seconds / 86_400)
  return days < 7 ? counted(Math.max(days, 2), '天', 'days', lang) : dateText(ms, now, lang)
}

export const momentText = (ms: number, now: number, lang: Lang): string =>
  `${dateText(ms, now, lang)} ${clockText(ms, lang)}`

export const countText = (n: number): string => n.toLocaleString('en-US')

export { moneyOf as moneyText }
