import type { Lang } from '@zhiyin/shared/text'

const zone = 'Asia/Shanghai'
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

type Parts = { year: number; month: number; date: number; clock: string }

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const partsOf = (ms: number): Parts => {
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  const numberOf = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0)
  return {
    year: numberOf('year'),
    month: numberOf('month'),
    date: numberOf('day'),
    clock: `${parts.get('hour')}:${parts.get('minute')}`,
  }
}

const dayNumber = ({ year, month, date }: Parts): number => Date.UTC(year, month - 1, date) / day

/** Whole calendar days from one moment to another, in the company's zone. */
export const daysBetween = (from: number, to: number): number => dayNumber(partsOf(to)) - dayNumber(partsOf(from))

const monthDay = (month: number, date: number, lang: Lang): string =>
  lang === 'zh' ? `${month} 月 ${date} 日` : `${date} ${months[month - 1] ?? ''}`

/** 8 月 3 日, with the year when it is another one. */
export const dateOf = (ms: number, now: number, lang: Lang): string => {
  const { year, month, date } = partsOf(ms)
  const other = year !== partsOf(now).year
  const day = monthDay(month, date, lang)
  if (!other) return day
  return lang === 'zh' ? `${year} 年 ${day}` : `${day} ${year}`
}

const near: Readonly<Record<string, { zh: string; en: string }>> = {
  '-1': { zh: '昨天', en: 'yesterday' },
  '0': { zh: '今天', en: 'today' },
  '1': { zh: '明天', en: 'tomorrow' },
}

/** For a timeline: 今天 09:12, 昨天 18:30, 8 月 3 日. */
export const stampOf = (ms: number, now: number, lang: Lang): string => {
  const word = near[String(daysBetween(now, ms))]?.[lang]
  return word === undefined ? dateOf(ms, now, lang) : `${word} ${partsOf(ms).clock}`
}

/** How old a value is: 刚刚, 5 分钟前, 2 小时前, 昨天, 3 天前, 8 月 3 日. */
export const ageOf = (ms: number, now: number, lang: Lang): string => {
  const past = now - ms
  const days = daysBetween(ms, now)
  const zh = lang === 'zh'
  if (days < 0) return dateOf(ms, now, lang)
  if (past < minute) return zh ? '刚刚' : 'just now'
  if (past < hour) return zh ? `${Math.floor(past / minute)} 分钟前` : `${Math.floor(past / minute)} min ago`
  if (days === 0) return zh ? `${Math.floor(past / hour)} 小时前` : `${Math.floor(past / hour)} h ago`
  if (days === 1) return zh ? '昨天' : 'yesterday'
  if (days < 7) return zh ? `${days} 天前` : `${days} days ago`
  return dateOf(ms, now, lang)
}

export type Due = { text: string; late: boolean }

/** When a task is due: within a day how long is left, else the day; `late` once it is past. */
export const dueOf = (ms: number, now: number, lang: Lang): Due => {
  const left = ms - now
  const zh = lang === 'zh'
  if (left < 0) return { text: zh ? `已过 ${stampOf(ms, now, 'zh')}` : `was due ${stampOf(ms, now, 'en')}`, late: true }
  if (left < hour) {
    const minutes = Math.max(1, Math.floor(left / minute))
    return { text: zh ? `还剩 ${minutes} 分钟` : `${minutes} min left`, late: false }
  }
  if (left < day) {
    const hours = Math.floor(left / hour)
    return { text: zh ? `还剩 ${hours} 小时` : `${hours} h left`, late: false }
  }
  const { clock } = partsOf(ms)
  const word = near[String(daysBetween(now, ms))]?.[lang] ?? dateOf(ms, now, lang)
  return { text: `${word} ${clock}`, late: false }
}

/** Tomorrow at nine, company time. */
export const tomorrowAtNine = (now: number): number => {
  const { year, month, date, clock } = partsOf(now)
  const [hours = '0', minutes = '0'] = clock.split(':')
  const offset = Date.UTC(year, month - 1, date, Number(hours), Number(minutes)) - Math.floor(now / minute) * minute
  return Date.UTC(year, month - 1, date + 1, 9) - offset
}

/** Days until the next birthday (`MM-DD` of an ISO date), or null when it is no date. */
export const birthdayIn = (iso: string, now: number, lang: Lang): { day: string; days: number } | null => {
  const found = /^(?:\d{4}-)?(\d{2})-(\d{2})/.exec(iso)
  if (!found) return null
  const month = Number(found[1])
  const date = Number(found[2])
  const today = partsOf(now)
  const from = dayNumber(today)
  const next = [0, 1]
    .map((more) => dayNumber({ year: today.year + more, month, date, clock: '' }))
    .find((n) => n >= from)
  return { day: monthDay(month, date, lang), days: (next ?? from) - from }
}
