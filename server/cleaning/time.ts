import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import { halfWidth } from './text.ts'
import { refuse, type Cleaned } from './types.ts'

const dayMs = 86_400_000
const earliest = Date.UTC(1970, 0, 1)
const latest = Date.UTC(2100, 0, 1)
/** Excel counts days from 1899-12-30; 25569 is 1970-01-01. */
const excelEpoch = 25_569
/** Days a bare number may mean: 1982-03-19 to 2036-06-24. Anything else is no date of a customer's life with a company. */
const excelDays = { from: 30_000, to: 50_000 }

/** `whole`: a day without a time. */
type Wall = { year: number; month: number; day: number; ms: number; whole: boolean }
type Read = { wall: Wall } | { at: number } | { problem: 'time.not' | 'time.ambiguous' }

const clock = String.raw`(?:[T\s]*(上午|下午|早上|晚上|中午)?\s*(\d{1,2})(?:[:时点](\d{1,2}))?(?:[:分](\d{1,2})(?:[.,](\d{1,3})\d*)?)?[秒分]?\s*([AaPp][Mm])?)?`
const zone = String.raw`\s*(Z|[+-]\d{2}:?\d{2})?`
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?${clock}${zone}$`)
const yearLast = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})${clock}${zone}$`)
const compact = /^(\d{4})(\d{2})(\d{2})(?:[T\s]?(\d{2}):?(\d{2}):?(\d{2})?)?$/

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

const morning: ReadonlySet<string> = new Set(['上午', '早上', 'am'])
const afternoon: ReadonlySet<string> = new Set(['下午', '晚上', '中午', 'pm'])

/** 下午 3 is 15, 12 am is 0; 中午 12 stays 12. */
const hourOf = (hour: number, half: string): number => {
  if (afternoon.has(half)) return hour < 12 && !(half === '中午' && hour > 10) ? hour + 12 : hour
  return morning.has(half) && hour === 12 ? 0 : hour
}

const msOf = (parts: readonly (string | undefined)[]): number | null => {
  const [half, hours = '0', minutes = '0', seconds = '0', fraction = '0', meridiem] = parts
  const hour = hourOf(Number(hours), half ?? meridiem?.toLowerCase() ?? '')
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'))
}

const offsetMs = (text: string): number => {
  if (text === 'Z') return 0
  const digits = text.replace(/\D/g, '')
  return (text.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000
}

const made = (
  [year, month, day]: readonly [number, number, number],
  parts: readonly (string | undefined)[],
  offset?: string,
): Read => {
  const ms = msOf(parts)
  if (ms === null || !isDay(year, month, day)) return { problem: 'time.not' }
  if (offset !== undefined) return { at: Date.UTC(year, month - 1, day) + ms - offsetMs(offset) }
  return { wall: { year, month, day, ms, whole: parts[1] === undefined } }
}

const read = (text: string): Read => {
  const front = yearFirst.exec(text)
  if (front !== null) return made([Number(front[1]), Number(front[2]), Number(front[3])], front.slice(4, 10), front[10])
  const back = yearLast.exec(text)
  if (back !== null) {
    const [a, b] = [Number(back[1]), Number(back[2])]
    if (a <= 12 && b <= 12 && a !== b) return { problem: 'time.ambiguous' }
    const [month, day] = a > 12 ? [b, a] : [a, b]
    return made([Number(back[3]), month, day], back.slice(4, 10), back[10])
  }
  if (/^\d{13}$/.test(text)) return { at: Number(text) }
  if (/^\d{10}$/.test(text)) return { at: Number(text) * 1000 }
  const tight = compact.exec(text)
  if (tight !== null)
    return made([Number(tight[1]), Number(tight[2]), Number(tight[3])], [undefined, tight[4], tight[5], tight[6]])
  if (/^\d{5}(?:\.\d+)?$/.test(text)) {
    const days = Number(text)
    if (days < excelDays.from || days > excelDays.to) return { problem: 'time.not' }
    const date = new Date((Math.floor(days) - excelEpoch) * dayMs)
    // To the second: a fraction of a day is not exact.
    const ms = Math.round((days % 1) * 86_400) * 1000
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
    return { wall: { year, month, day, ms, whole: days % 1 === 0 } }
  }
  return { problem: 'time.not' }
}

const momentIn = ({ year, month, day, ms }: Wall, timeZone: string): number => {
  const minutes = Math.floor(ms / 60_000)
  return momentOf(Date.UTC(year, month - 1, day) / dayMs, minutes, timeZone).getTime() + (ms % 60_000)
}

/**
 * A moment: “2025/3/1 8:05”, “2025年3月1日”, “20250301”, “2025-03-01T08:05:00+08:00”, epoch seconds or milliseconds, Excel's serial
 * days. Without an offset it is the time on the clocks of `timeZone`; a day alone is its beginning.
 */
export const time = (text: string, timeZone: string): Cleaned<Date> => {
  const found = read(halfWidth(text))
  if ('problem' in found) return refuse(found.problem, text)
  const at = 'at' in found ? found.at : momentIn(found.wall, timeZone)
  return at < earliest || at >= latest ? refuse('time.range', text) : { value: new Date(at) }
}

/**
 * A moment or a day, as attributes keep them: a day alone is its beginning in UTC wherever the company is, so that a birthday stays the
 * day it is; a time without an offset is that of `timeZone`. Not before 1900: 0001-01-01 is what programs write for nothing.
 */
export const dayOrTime = (text: string, timeZone: string): Cleaned<Date> => {
  const found = read(halfWidth(text))
  if ('problem' in found) return refuse(found.problem, text)
  if ('at' in found) return { value: new Date(found.at) }
  const { wall } = found
  return wall.year < 1900
    ? refuse('time.range', text)
    : { value: new Date(momentIn(wall, wall.whole ? 'UTC' : timeZone)) }
}

const two = (n: number): string => String(n).padStart(2, '0')

/** A day as YYYY-MM-DD; of a moment with an offset the day in `timeZone`. */
const dayOf = (text: string, timeZone: string): string | null => {
  const found = read(halfWidth(text))
  if ('problem' in found) return null
  if ('at' in found) return zonedTime(new Date(found.at), timeZone).date
  return `${found.wall.year}-${two(found.wall.month)}-${two(found.wall.day)}`
}

/** A birthday as YYYY-MM-DD, from 1900 to today. */
export const birthday = (text: string, timeZone: string, now: Date): Cleaned<string> => {
  const value = dayOf(text, timeZone)
  if (value === null) return refuse('birthday.not', text)
  return value < '1900-01-01' || value > zonedTime(now, timeZone).date ? refuse('birthday.range', text) : { value }
}

/** Any day as YYYY-MM-DD, a moment in full: as an attribute is told that is one or the other. */
export const date = (text: string, timeZone: string): Cleaned<string> => {
  const found = dayOrTime(text, timeZone)
  return 'problem' in found ? found : { value: found.value.toISOString().replace('T00:00:00.000Z', '') }
}
