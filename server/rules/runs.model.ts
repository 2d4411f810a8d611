import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { ExposureArm } from '@zhiyin/shared/measure'
import type { RunState } from '@zhiyin/shared/rule'

/** `arm`: the way taken where there are several. */
export type RunLog = { stepId: string; at: Date; what: string; arm?: string; because: Because[] }
/** What a run waits for, found in a fact. */
export type Met = { stepId: string; factId: string; at: Date }

/** One customer's way through one version of one rule. */
export type RunDoc = {
  _id: string
  ruleId: string
  rule: string
  version: number
  customerId: string
  /** Whose it was before they became part of this customer. */
  of?: string
  /** Names the fact or the occurrence that took the customer in. */
  entryKey: string
  /** What was to be done to them; absent in runs from before it was kept. */
  arm?: ExposureArm
  state: RunState
  /** Present while under way: one at a time per rule and customer. */
  open?: true
  /** The step to do, or, while `state` is waiting, the one it waits at; null: at the end, waiting for the goal. */
  at: string | null
  /** When it came to the step it waits at. */
  since?: Date
  /** What it waited for has happened. */
  met?: Met
  /** A send that came too late to go without a person's word. */
  asks?: { stepId: string; at: Date }
  /** That word. */
  answer?: { stepId: string; send: boolean; by: string }
  enteredAt: Date
  dueAt: Date | null
  leftAt: Date | null
  /** When the customer, left alone in the holdout, did what the goal asks for. */
  goalAt: Date | null
  /** When the sweep looks at it next: when it is due, later while a job has it; absent when nothing is to do. */
  lookAt?: Date
  /** The same, put away while the rule is paused. */
  heldAt?: Date
  claim: string | null
  because: Because[]
  leftBecause: Because[]
  log: RunLog[]
  context: { userid: string | null; factId: string | null }
  /** Its line does not stand in the timeline yet. */
  untold: boolean
}

const schema = new Schema<RunDoc>(
  {
    _id: { type: String, required: true },
    ruleId: { type: String, required: true },
    rule: { type: String, required: true },
    version: { type: Number, required: true },
    customerId: { type: String, required: true },
    of: { type: String },
    entryKey: { type: String, required: true },
    arm: { type: String },
    state: { type: String, required: true },
    open: { type: Boolean },
    at: { type: String, default: null },
    since: { type: Date },
    met: { type: Schema.Types.Mixed },
    asks: { type: Schema.Types.Mixed },
    answer: { type: Schema.Types.Mixed },
    enteredAt: { type: Date, required: true },
    dueAt: { type: Date, default: null },
    leftAt: { type: Date, default: null },
    goalAt: { type: Date, default: null },
    lookAt: { type: Date },
    heldAt: { type: Date },
    claim: { type: String, default: null },
    because: { type: Schema.Types.Mixed, required: true },
    leftBecause: { type: Schema.Types.Mixed, required: true },
    log: { type: Schema.Types.Mixed, required: true },
    context: { type: Schema.Types.Mixed, required: true },
    untold: { type: Boolean, required: true },
  },
  { collection: 'ruleruns', versionKey: false, minimize: false },
)
/** One run per entry: the same fact or occurrence shown twice enters once. */
schema.index({ ruleId: 1, entryKey: 1 }, { unique: true })
/** One run under way per rule and customer. */
schema.index({ ruleId: 1, customerId: 1 }, { unique: true, partialFilterExpression: { open: true } })
/** Re-entry: when these customers were last in the rule. */
schema.index({ ruleId: 1, customerId: 1, enteredAt: -1 })
/** Goals and exits: the runs a customer is in. */
schema.index({ customerId: 1, state: 1 })
/** The sweep: runs whose next step is due. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** How many are due. */
schema.index({ dueAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** The sweep: runs whose line is missing in the timeline. */
schema.index({ untold: 1, enteredAt: 1 }, { partialFilterExpression: { untold: true } })
/** What one job has claimed. */
schema.index({ claim: 1 }, { partialFilterExpression: { claim: { $type: 'string' } } })
/** Runs of a rule that wait for a person's word. */
schema.index({ ruleId: 1, 'asks.at': 1 }, { partialFilterExpression: { asks: { $exists: true } } })
/** Who is or was in a rule, newest first; and how many in each state. */
schema.index({ ruleId: 1, state: 1, _id: -1 })

export const runModel = (connection: Connection): Model<RunDoc> => connection.model<RunDoc>('RuleRun', schema)

/** The same collection without Mongoose's casting, for the writes that every run costs. */
export const runCollection = (connection: Connection) => {
  runModel(connection)
  return connection.collection<RunDoc>('ruleruns')
}
