import { because, type Because } from '@zhiyin/shared/because'
import type { Estimated, Verdict } from '@zhiyin/shared/measure'

const percent = (share: number): number => Math.round(share * 1000) / 10

type Rates = {
  /** Whether anybody of the base, and of the arm, is through their window. */
  readonly some: boolean
  /** Whether anybody at all reached the goal. */
  readonly any: boolean
  readonly points: Estimated | null
  readonly relative: Estimated | null
  /** p, corrected. */
  readonly chance: number | null
  readonly missing: number | null
}

/** Whether it is better, worse or neither, and whether that may be said already: before the planned sample is there it is a first sign. */
export const verdictOf = ({ some, any, points, chance, missing }: Rates): Verdict => {
  if (!some || points === null || chance === null) return 'no_base'
  if (!any || missing === null) return 'nothing_yet'
  const apart = chance < 0.05
  if (missing > 0 && !apart) return 'not_yet'
  const side = points.at > 0 ? 'better' : 'worse'
  if (missing > 0) return `early_${side}`
  return apart ? side : 'alike'
}

/** The lift in percent where there is a base to be relative to, else in points of the rate. */
const size = ({ points, relative }: Rates): Because['params'] => {
  const { at, within } = relative ?? points ?? { at: 0, within: { low: 0, high: 0 } }
  const params: Because['params'] = { lift: Math.abs(percent(at)), low: percent(within.low) }
  if (within.high !== null) params['high'] = percent(within.high)
  return params
}

/** A verdict in words. `asked`: the lift the sample is planned for. */
export const wordsOf = (verdict: Verdict, rates: Rates, asked: number): Because[] => {
  const missing = rates.missing ?? 0
  switch (verdict) {
    case 'no_base':
      return [because('measure.no_base')]
    case 'nothing_yet':
      return [because('measure.nothing_yet')]
    case 'not_yet':
      return [because('measure.not_yet', { missing })]
    case 'early_better':
    case 'early_worse':
      return [because(`measure.${verdict}`, { ...size(rates), missing })]
    case 'better':
    case 'worse':
      return [because(`measure.${verdict}`, size(rates))]
    case 'alike':
      return [because('measure.alike', { lift: percent(asked) })]
  }
}

/** Buyers either arm needs before a mean of money says anything. */
const fewBuyers = 10

/** `early`: the sample planned for the goal is not there yet. */
export const moneyWords = (
  money: Estimated | null,
  chance: number | null,
  { buyers, early }: { buyers: number; early: boolean },
): Because[] => {
  if (money === null || chance === null || buyers < fewBuyers) return [because('measure.money_few')]
  const params = {
    at: Math.abs(Math.round(money.at)),
    low: Math.round(money.within.low),
    high: Math.round(money.within.high ?? 0),
  }
  if (chance >= 0.05) return [because('measure.money_unclear', params)]
  const side = money.at > 0 ? 'more' : 'less'
  return [because(early ? `measure.money_early_${side}` : `measure.money_${side}`, params)]
}
