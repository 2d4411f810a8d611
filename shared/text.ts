import { z } from 'zod'
import { labels } from './labels/index.ts'

/** The two languages of the product; Chinese is the default. */
export const langs = ['zh', 'en'] as const
export const Lang = z.enum(langs)
export type Lang = z.infer<typeof Lang>

/** One sentence in both languages; `{name}` stands for a parameter, `{name|kind}` for a formatted one. */
export type Bilingual = { readonly zh: string; readonly en: string }

export type Param = string | number | boolean
export type Params = Record<string, Param>

const labelTable: Readonly<Record<string, Readonly<Record<string, Bilingual>>>> = labels

/** The word for a value of a closed vocabulary (`label('stage', 'silent', 'zh')` → 沉默); an unknown value prints as it is. */
export const label = (kind: string, value: string, lang: Lang): string => labelTable[kind]?.[value]?.[lang] ?? value

/** Minor units of CNY as ¥2,380. */
export const moneyOf = (minor: number): string => {
  const yuan = minor / 100
  const digits = Number.isInteger(yuan) ? 0 : 2
  return `¥${yuan.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A day (2026-08-03) as 8 月 3 日 / 3 Aug, with the year where it is not the one of `today`. */
export const dayText = (day: string, today: string, lang: Lang): string => {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const name = lang === 'zh' ? `${month} 月 ${date} 日` : `${date} ${months[month - 1] ?? ''}`
  if (today.startsWith(`${year}-`)) return name
  return lang === 'zh' ? `${year} 年 ${name}` : `${name} ${year}`
}

const day = { month: 'short', day: 'numeric' } as const
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** Where nobody said whose clocks count, the text says that they are UTC. */
const timeOf = (ms: number, lang: Lang, zone: string | undefined, form: Intl.DateTimeFormatOptions): string => {
  const format = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { ...form, timeZone: zone ?? 'UTC' })
  return zone === undefined ? `${format.format(ms)} UTC` : format.format(ms)
}

const dayMs = 86_400_000

/** Whole days back from today: 今天, 昨天, 3 天前. */
const agoOf = (days: number, lang: Lang): string => {
  if (days < 1) return lang === 'zh' ? '今天' : 'today'
  if (days < 2) return lang === 'zh' ? '昨天' : 'yesterday'
  return lang === 'zh' ? `${Math.floor(days)} 天前` : `${Math.floor(days)} days ago`
}

/** `{count} order(s)` with the ending its number asks for. */
const counted = (text: string, params: Params): string =>
  text.replace(/(\{(\w+)\}(?: \w+)+?)\(s\)/g, (_all, words: string, name: string) =>
    params[name] === 1 ? words : `${words}s`,
  )

/**
 * Fills a bilingual sentence. Kinds: `money` (minor units → ¥2,380), `date` (epoch ms → 8月3日 / 3 Aug), `day` (a date of a profile: a whole
 * day is kept as its midnight in UTC, a moment is told as a date), `moment` (with the time of day),
 * `percent` (0..1 → 12%), `ago` (whole days → 今天 / 昨天 / 3 天前), `code` (a number that is a name: 41050), `round` (19.3 → 19),
 * or a vocabulary of labels.ts (`{stage|stage}` → 沉默); no kind prints the value as it is. A missing parameter prints as `…`.
 * `{count} order(s)` is 1 order, 3 orders. `timeZone`: the company's, which days and moments are told by.
 */
export const fill = (text: Bilingual, params: Params, lang: Lang, timeZone?: string): string =>
  counted(text[lang], params).replace(/\{(\w+)(?:\|(\w+))?\}/g, (_all, name: string, kind: string | undefined) => {
    const value = params[name]
    if (value === undefined) return '…'
    if (typeof value === 'string' && kind !== undefined) return label(kind, value, lang)
    if (typeof value !== 'number') return String(value)
    if (kind === 'money') return moneyOf(value)
    if (kind === 'date') return timeOf(value, lang, timeZone, day)
    if (kind === 'day') return timeOf(value, lang, value % dayMs === 0 ? 'UTC' : timeZone, day)
    if (kind === 'moment') return timeOf(value, lang, timeZone, { ...day, ...clock })
    if (kind === 'ago') return agoOf(value, lang)
    if (kind === 'code') return String(value)
    if (kind === 'round') return String(Math.round(value))
    if (kind === 'percent') return `${Math.round(value * 100)}%`
    return value.toLocaleString('en-US', { maximumFractionDigits: 1 })
  })
