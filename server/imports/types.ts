import type { OrderProduct } from '@zhiyin/shared/fact'
import type { RowProblem } from '@zhiyin/shared/import'
import type { Identity } from '../profile/read.ts'

/** A row of the file: `row` counts from 1 behind the header, `end` is the byte behind it. */
export type Row = { readonly row: number; readonly end: number; readonly cells: readonly string[] }

/** A row of an order file, cleaned. Amounts in minor units; `amount` of the whole order, `lineAmount` of the line. */
export type OrderLine = {
  readonly row: number
  readonly cells: readonly string[]
  readonly who: readonly Identity[]
  readonly at: Date
  readonly currency: string
  readonly amount: number | null
  readonly lineAmount: number | null
  readonly product: OrderProduct | null
  /** `true`: all of it. */
  readonly refund: number | true | null
  readonly refundAt: Date | null
}

/** A row that cannot be taken, kept beside the other lines of its order: an order that lacks a line is not taken either. */
export type BadLine = Pick<OrderLine, 'row' | 'cells'> & { readonly problems: readonly RowProblem[] }
export type StagedLine = OrderLine | BadLine
