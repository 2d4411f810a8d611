import { moneyText } from '../kit/format.ts'

/** What limits are of; money is typed in yuan and kept in minor units. */
export type Unit = 'day' | 'order' | 'yuan'

export const scaleOf = (unit: Unit): number => (unit === 'yuan' ? 100 : 1)
export const figureText = (unit: Unit, value: number): string =>
  unit === 'yuan' ? moneyText(value) : value.toLocaleString('en-US', { maximumFractionDigits: 1 })
