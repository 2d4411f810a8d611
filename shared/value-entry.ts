import type { LayerValue } from './customer.ts'
import { zonedTime } from './zone.ts'

type Kind = LayerValue['kind']
type Value = LayerValue['value']

/** The day of a date of a profile as YYYY-MM-DD; null where it is none. A whole day is kept as its midnight in UTC, a moment has the day of the zone. */
export const dayOfValue = (value: string | number, zone: string): string | null => {
  const ms = typeof value === 'number' ? value : Date.parse(value)
  if (Number.isNaN(ms)) return null
  return zonedTime(new Date(ms), ms % 86_400_000 === 0 ? 'UTC' : zone).date
}

/** Shown with stars in place of what the reader may not see: it cannot be corrected letter by letter, only written anew. */
export const isMasked = (value: Value | readonly string[] | undefined): boolean =>
  (typeof value === 'object' ? value : [value]).some((part) => typeof part === 'string' && part.includes('***'))

/** A value as it stands in a form: money in yuan, a date as its day, a list parted by commas; a choice or yes-or-no by its word. */
export const entryOf = (value: Value | undefined, kind: Kind, zone: string): string => {
  if (value === undefined || isMasked(value)) return ''
  if (Array.isArray(value)) return value.join('、')
  if (kind === 'money' && typeof value === 'number') return String(value / 100)
  if (kind === 'date') return dayOfValue(String(value), zone) ?? ''
  return String(value)
}

/** What was written in a form as a value of its kind, money in minor units; null while it is none. */
export const valueOfEntry = (entry: string, kind: Kind): Value | null => {
  const text = entry.trim()
  if (text === '') return null
  if (kind === 'number' || kind === 'money') {
    const number = Number(text.replace(/[,，\s¥￥]/g, ''))
    if (!Number.isFinite(number)) return null
    return kind === 'money' ? Math.round(number * 100) : number
  }
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : null
  if (kind === 'list') {
    const parts = text.split(/[\n,，;；、]/).map((part) => part.trim())
    const some = [...new Set(parts.filter((part) => part !== ''))]
    return some.length === 0 ? null : some
  }
  return kind === 'date' && Number.isNaN(Date.parse(text)) ? null : text
}
