import type { Measured } from '../profile/levels/read.ts'

/** What everybody who bought within a window bought, a column a measure, one place a buyer: 32 bytes each. */
export type Summary = {
  readonly customers: number
  readonly buyers: number
  readonly days: Float64Array
  readonly orders: Float64Array
  readonly spend: Float64Array
  readonly average: Float64Array
}

const numbers = 4
const width = 8

/** A batch of buyers as it is kept: four numbers each. */
export const packed = (buyers: readonly Measured[]): Buffer => {
  const bytes = Buffer.allocUnsafe(buyers.length * numbers * width)
  buyers.forEach(({ days, orders, spend, average }, i) => {
    ;[days, orders, spend, average].forEach((value, n) => bytes.writeDoubleLE(value, (i * numbers + n) * width))
  })
  return bytes
}

export const unpacked = (pieces: readonly Buffer[], customers: number): Summary => {
  const buyers = pieces.reduce((sum, piece) => sum + piece.length / (numbers * width), 0)
  const columns = Array.from({ length: numbers }, () => new Float64Array(buyers))
  let at = 0
  for (const piece of pieces)
    for (let offset = 0; offset < piece.length; offset += numbers * width, at += 1)
      columns.forEach((column, n) => {
        column[at] = piece.readDoubleLE(offset + n * width)
      })
  const [days = new Float64Array(), orders = days, spend = days, average = days] = columns
  return { customers, buyers, days, orders, spend, average }
}

/** Calls with every buyer in turn; the same object each time. */
export const eachBuyer = ({ buyers, days, orders, spend, average }: Summary, look: (of: Measured) => void): void => {
  for (let i = 0; i < buyers; i += 1)
    look({ days: days[i] ?? 0, orders: orders[i] ?? 0, spend: spend[i] ?? 0, average: average[i] ?? 0 })
}
