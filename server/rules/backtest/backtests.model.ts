import { Schema, type Connection } from 'mongoose'
import type { backtestStates } from '@zhiyin/shared/backtest'
import type { RuleInput } from '@zhiyin/shared/rule'
import type { Tally } from './tally.ts'
import type { Line } from './way.ts'

export const keptDays = 30

export type Example = { customerId: string; lines: Line[] }

/** One backtest: what was asked, how far it is, what it has counted. */
export type BacktestDoc = {
  _id: string
  /** Null: of a draft that was never saved. */
  ruleId: string | null
  rule: RuleInput
  state: (typeof backtestStates)[number]
  at: Date
  by: string
  byId: string
  /** Whose customers; null: all. */
  scope: string[] | null
  from: Date
  to: Date
  total: number
  /** The share of all customers that is looked at, 0 to 1, chosen by a hash of id and customer. */
  share: number
  after: string
  checked: number
  tally: Tally
  examples: Example[]
  /** Counts erasures, so that a batch under way does not bring back whom one took out. */
  rev: number
  /** When the sweep looks after it; absent once it is over. */
  lookAt?: Date
}

const mixed = { type: Schema.Types.Mixed, default: null }
const schema = new Schema<BacktestDoc>(
  {
    _id: { type: String, required: true },
    ruleId: { type: String, default: null },
    rule: mixed,
    state: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    byId: { type: String, required: true },
    scope: mixed,
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    total: { type: Number, required: true },
    share: { type: Number, required: true },
    after: { type: String, default: '' },
    checked: { type: Number, required: true },
    tally: mixed,
    examples: mixed,
    rev: { type: Number, required: true },
    lookAt: { type: Date },
  },
  { collection: 'backtests', versionKey: false, minimize: false },
)
/** The sweep: those that stand still. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** Erasure: whose ways stand in them as examples. */
schema.index({ 'examples.customerId': 1 })
/** The last one of a rule. */
schema.index({ ruleId: 1, _id: -1 })
/** They are kept for so long. */
schema.index({ at: 1 }, { expireAfterSeconds: keptDays * 86_400 })

export const backtestCollection = (connection: Connection) => {
  connection.model<BacktestDoc>('Backtest', schema)
  return connection.collection<BacktestDoc>('backtests')
}
