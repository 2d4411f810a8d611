import { companyCurrency, decimalsOf } from '@zhiyin/shared/money'
import { halfWidth } from './text.ts'
import { refuse, type Cleaned } from './types.ts'

/** Minor units (分) and the ISO 4217 code. */
export type Money = { readonly amount: number; readonly currency: string }

const known: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

const words: Readonly<Record<string, string>> = {
  '¥': 'CNY',
  元: 'CNY',
  圆: 'CNY',
  块: 'CNY',
  人民币: 'CNY',
  rmb: 'CNY',
  us$: 'USD',
  $: 'USD',
  美元: 'USD',
  '€': 'EUR',
  欧元: 'EUR',
  '£': 'GBP',
  英镑: 'GBP',
  hk$: 'HKD',
  港元: 'HKD',
  港币: 'HKD',
  nt$: 'TWD',
  新台币: 'TWD',
  日元: 'JPY',
  韩元: 'KRW',
  '₩': 'KRW',
  s$: 'SGD',
}
const byLength = Object.keys(words).sort((a, b) => b.length - a.length)

/** A currency by its code, sign or Chinese name. */
export const currency = (text: string): Cleaned<string> => {
  const value = halfWidth(text)
  const named = words[value.toLowerCase()] ?? value.toUpperCase()
  return known.has(named) ? { value: named } : refuse('money.currency', text)
}

const powers: Readonly<Record<string, number>> = { 百: 2, 千: 3, k: 3, 万: 4, w: 4, 百万: 6, 千万: 7, 亿: 8 }
const largest = 1e14

/** digits × 10^shift as a whole number, half away from zero; exact, where floating point would not be. */
const scaled = (whole: string, fraction: string, shift: number): number => {
  const kept = fraction.slice(0, shift).padEnd(shift, '0')
  const up = (fraction[shift] ?? '0') >= '5' ? 1 : 0
  return Number(`${whole}${kept}`) + up
}

/** The currency that stands in front of or behind the number, and the rest. */
const split = (text: string): { readonly rest: string; readonly currency: string | null } => {
  const lower = text.toLowerCase()
  for (const word of byLength) {
    const found = words[word] ?? null
    if (lower.startsWith(word)) return { rest: text.slice(word.length).trim(), currency: found }
    if (lower.endsWith(word)) return { rest: text.slice(0, -word.length).trim(), currency: found }
  }
  const code = /^([A-Za-z]{3})\s*(?=[-\d(])|(?<=[\d)百千万亿])\s*([A-Za-z]{3})$/.exec(text)
  const named = (code?.[1] ?? code?.[2] ?? '').toUpperCase()
  return code === null || !known.has(named)
    ? { rest: text, currency: null }
    : { rest: text.replace(code[0], '').trim(), currency: named }
}

/**
 * An amount as people write it (“¥1,299.00”, “1299元”, “12.5万”, “USD 12.5”, “-5”, “(5.00)”) in minor units.
 * `fallback`: the currency where the text names none.
 */
export const money = (text: string, fallback = companyCurrency): Cleaned<Money> => {
  const clean = halfWidth(text)
  const bracketed = /^\((.*)\)$/.exec(clean)?.[1]
  const signed = /^([-+])\s*(.*)$/.exec(bracketed ?? clean)
  let negative = bracketed !== undefined || signed?.[1] === '-'
  const first = split(signed?.[2] ?? bracketed ?? clean)
  const unsigned = /^([-+])(.*)$/.exec(first.rest)
  if (unsigned?.[1] === '-') negative = !negative
  const read = /^(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?\s*(百万|千万|[百千万亿kKwW])?$/.exec(unsigned?.[2] ?? first.rest)
  if (read === null || ((read[1] ?? '') === '' && (read[2] ?? '') === '')) return refuse('money.not', text)
  const unit = first.currency ?? fallback
  const power = powers[(read[3] ?? '').toLowerCase()] ?? 0
  const amount = scaled((read[1] ?? '0').replaceAll(',', ''), read[2] ?? '', power + decimalsOf(unit))
  if (amount > largest) return refuse('money.too_large', text)
  return { value: { amount: negative && amount !== 0 ? -amount : amount, currency: unit } }
}

/** An amount that money can cleaned again: 1299.00 CNY. */
export const moneyText = ({ amount, currency: unit }: Money): string => {
  const decimals = decimalsOf(unit)
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  return `${amount < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`} ${unit}`
}
