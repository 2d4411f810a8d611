import { dayText, type Lang } from '@zhiyin/shared/text'
import { momentOf, zonedTime, type ZonedTime } from '@zhiyin/shared/zone'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const at = (ms: number, zone: string): ZonedTime => zonedTime(new Date(ms), zone)

/** Whole calendar days from one moment to another, in the company's zone. */
export const daysBetween = (from: number, to: number, zone: string): number => at(to, zone).day - at(from, zone).day

/** 8 月 3 日, with the year when it is another one. */
export const dateOf = (ms: number, now: number, lang: Lang, zone: string): string =>
  dayText(at(ms, zone).date, at(now, zone).date, lang)

const near: Readonly<Record<string, { zh: string; en: string }>> = {
  '-1': { zh: '昨天', en: 'yesterday' },
  '0': { zh: '今天', en: 'today' },
  '1': { zh: '明天', en: 'tomorrow' },
}

/** For a timeline: 今天 09:12, 昨天 18:30, 8 月 3 日. */
export const stampOf = (ms: number, now: number, lang: Lang, zone: string): string => {
  const word = near[String(daysBetween(now, ms, zone))]?.[lang]
  return word === undefined ? dateOf(ms, now, lang, zone) : `${word} ${at(ms, zone).clock}`
}

/** How old a value is: 刚刚, 5 分钟前, 2 小时前, 昨天, 3 天前, 8 月 3 日. */
export const ageOf = (ms: number, now: number, lang: Lang, zone: string): string => {
  const past = now - ms
  const days = daysBetween(ms, now, zone)
  const zh = lang === 'zh'
  if (days < 0) return dateOf(ms, now, lang, zone)
  if (past < minute) return zh ? '刚刚' : 'just now'
  if (past < hour) return zh ? `${Math.floor(past / minute)} 分钟前` : `${Math.floor(past / minute)} min ago`
  if (days === 0) return zh ? `${Math.floor(past / hour)} 小时前` : `${Math.floor(past / hour)} h ago`
  if (days === 1) return zh ? '昨天' : 'yesterday'
  if (days < 7) return zh ? `${days} 天前` : `${days} days ago`
  return dateOf(ms, now, lang, zone)
}

export type Due = { text: string; late: boolean }

/** When a task is due: within a day how long is left, else the day; `late` once it is past. */
export const dueOf = (ms: number, now: number, lang: Lang, zone: string): Due => {
  const left = ms - now
  const zh = lang === 'zh'
  if (left < 0) {
    const stamp = stampOf(ms, now, lang, zone)
    return { text: zh ? `已过 ${stamp}` : `was due ${stamp}`, late: true }
  }
  if (left < hour) {
    const minutes = Math.max(1, Math.floor(left / minute))
    return { text: zh ? `还剩 ${minutes} 分钟` : `${minutes} min left`, late: false }
  }
  if (left < day) {
    const hours = Math.floor(left / hour)
    return { text: zh ? `还剩 ${hours} 小时` : `${hours} h left`, late: false }
  }
  const word = near[String(daysBetween(now, ms, zone))]?.[lang] ?? dateOf(ms, now, lang, zone)
  return { text: `${word} ${at(ms, zone).clock}`, late: false }
}

/** Tomorrow at nine, company time. */
export const tomorrowAtNine = (now: number, zone: string): number =>
  momentOf(at(now, zone).day + 1, 9 * 60, zone).getTime()

/** Days until the next birthday (`MM-DD` of an ISO date), or null when it is no date. */
export const birthdayIn = (
  iso: string,
  now: number,
  lang: Lang,
  zone: string,
): { day: string; days: number } | null => {
  const found = /^(?:\d{4}-)?(\d{2})-(\d{2})/.exec(iso)
  if (!found) return null
  const [month, date] = [Number(found[1]), Number(found[2])]
  const today = at(now, zone)
  const year = Number(today.date.slice(0, 4))
  const next = [0, 1].map((more) => Date.UTC(year + more, month - 1, date) / day).find((n) => n >= today.day)
  const name = dayText(`${year}-${found[1]}-${found[2]}`, today.date, lang)
  return { day: name, days: (next ?? today.day) - today.day }
}
