import type { Lang } from './words.ts'

const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000
const dayOf = (at: number) => Math.floor((at + 8 * 3_600_000) / DAY_MS)
const locale = (lang: Lang) => (lang === 'zh' ? 'zh-CN' : 'en-GB')

/** Epoch ms; the platform answers some times in seconds, which would all lie in January 1970. */
const toMs = (at: number) => (at < 100_000_000_000 ? at * 1000 : at)

const clockTime = (at: number, lang: Lang) =>
  new Intl.DateTimeFormat(locale(lang), { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hour12: false }).format(
    at,
  )

/** `14:02` today, `昨天 14:02`, `8月3日 14:02`, with the year when it is another one. */
export function formatMoment(time: number, nowMs: number, lang: Lang): string {
  const at = toMs(time)
  const days = dayOf(nowMs) - dayOf(at)
  if (days === 0) return clockTime(at, lang)
  if (days === 1) return `${lang === 'zh' ? '昨天' : 'Yesterday'} ${clockTime(at, lang)}`
  return `${formatDay(at, nowMs, lang)} ${clockTime(at, lang)}`
}

/** The short form of a list: the time today, else the day. */
export function formatShort(time: number, nowMs: number, lang: Lang): string {
  const at = toMs(time)
  const days = dayOf(nowMs) - dayOf(at)
  if (days === 0) return clockTime(at, lang)
  if (days === 1) return lang === 'zh' ? '昨天' : 'Yesterday'
  return formatDay(at, nowMs, lang)
}

/** `14:02:07` today, the day before it else. */
export function formatSecond(at: number, nowMs: number, lang: Lang): string {
  const time = new Intl.DateTimeFormat(locale(lang), {
    timeZone: ZONE,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(at)
  return dayOf(nowMs) === dayOf(at) ? time : `${formatDay(at, nowMs, lang)} ${time}`
}

/** What a field of type datetime-local holds for a moment, in the company's zone; and back. Undefined for what is no moment. */
export const momentToInput = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)
export function inputToMoment(text: string): number | undefined {
  const at = Date.parse(`${text}:00+08:00`)
  return Number.isNaN(at) ? undefined : at
}

function formatDay(time: number, nowMs: number, lang: Lang): string {
  const at = toMs(time)
  const year = (ms: number) => new Date(ms + 8 * 3_600_000).getUTCFullYear()
  const options: Intl.DateTimeFormatOptions = {
    timeZone: ZONE,
    month: lang === 'zh' ? 'long' : 'short',
    day: 'numeric',
  }
  if (year(at) !== year(nowMs)) options.year = 'numeric'
  return new Intl.DateTimeFormat(locale(lang), options).format(at)
}

export function formatClock(at: number, lang: Lang): string {
  const day = new Intl.DateTimeFormat(locale(lang), {
    timeZone: ZONE,
    year: 'numeric',
    month: lang === 'zh' ? 'long' : 'short',
    day: 'numeric',
    weekday: 'short',
  }).format(at)
  return `${day} ${clockTime(at, lang)}`
}
