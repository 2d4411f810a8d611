import { Schema, type Connection, type mongo } from 'mongoose'
import type { Cuts, Level, TierHow, TierScheme } from '@zhiyin/shared/tier-scheme'
import type { Histograms } from './histogram.ts'

/**
 * Limits worked out of those who bought: of the last count, and those in force. `waiting`: since which count some of them have been far from
 * those in force, and which, each on the same side.
 */
export type Worked = {
  at: Date
  buyers: number
  cuts: Cuts | null
  inForce: Cuts | null
  adoptedAt: Date | null
  waiting?: { since: Date; far: string[] } | null
}

export type SchemeDoc = {
  _id: string
  name: string
  levels: Level[]
  how: TierHow
  holdDays: number
  version: number
  /** The scheme that was made primary last is. */
  primaryAt: Date | null
  worked: Worked | null
  createdAt: Date
  updatedAt: Date
  updatedBy: string
}

/** The kept distribution of one window (`_id`, in days); pieces are batches of buyers. */
export type SurveyDoc = {
  _id: number
  nextAt: Date
  /** When it was asked for last by a person, or a scheme had this window. */
  wantedAt: Date
  running: { at: Date; after: string; customers: number; pieces: string[] } | null
  lookAt: Date
  kept: { at: Date; customers: number; buyers: number; pieces: string[]; histograms: Histograms } | null
}

export type PieceDoc = { _id: string; windowDays: number; bytes: mongo.Binary }

/** Keys are `from>to`, of levels; from is empty where somebody was in none. */
export type Moves = Record<string, number>

export type TrialDoc = {
  _id: string
  schemeId: string | null
  /** The scheme as it is tried. */
  scheme: TierScheme
  /** The scheme as it stands. */
  before: Level[]
  schemeVersion: number
  month: { name: string; from: Date; to: Date } | null
  state: 'running' | 'done' | 'adopted' | 'dismissed'
  at: Date
  /** False until the limits to propose are known. */
  ready: boolean
  proposed: Cuts | null
  inForce: Cuts | null
  buyers: number | null
  why: 'no_limits' | 'no_shares' | 'few' | null
  after: string
  done: number
  /** Customers there were when it began. */
  total: number
  levels: Record<string, number>
  monthMoves: Moves
  moves: Moves
  moved: number
  listed: number
  by: string
  decidedAt: Date | null
  decidedBy: string | null
  lookAt?: Date
  /** A try is forgotten after a day, the list of a review after two months. */
  expiresAt?: Date
}

/** When a trial under way is looked after again. */
export const trialAgainMs = 20_000

/** Who would move; `_id` is the trial and the customer. */
export type TrialMoveDoc = { _id: string; customerId: string; from: string; to: string }

/** When the reviews of the next month are due; one document. */
export type ScheduleDoc = { _id: 'reviews'; nextAt: Date }

const text = { type: String, required: true }
const date = { type: Date, required: true }
const mixed = { type: Schema.Types.Mixed, default: null }
const count = { type: Number, required: true }

const schemes = new Schema<SchemeDoc>(
  {
    _id: text,
    name: text,
    levels: mixed,
    how: mixed,
    holdDays: count,
    version: count,
    primaryAt: { type: Date, default: null },
    worked: mixed,
    createdAt: date,
    updatedAt: date,
    updatedBy: text,
  },
  { collection: 'tierSchemes', versionKey: false, minimize: false },
)
/** A name stands for one scheme. */
schemes.index({ name: 1 }, { unique: true })

const surveys = new Schema<SurveyDoc>(
  { _id: count, nextAt: date, wantedAt: date, running: mixed, lookAt: date, kept: mixed },
  { collection: 'tierSurveys', versionKey: false, minimize: false },
)

const pieces = new Schema<PieceDoc>(
  { _id: text, windowDays: count, bytes: { type: Buffer, required: true } },
  { collection: 'tierSurveyPieces', versionKey: false },
)
/** Those of a window that are kept no longer. */
pieces.index({ windowDays: 1 })

const trials = new Schema<TrialDoc>(
  {
    _id: text,
    schemeId: { type: String, default: null },
    scheme: mixed,
    before: mixed,
    schemeVersion: count,
    month: mixed,
    state: text,
    at: date,
    ready: { type: Boolean, required: true },
    proposed: mixed,
    inForce: mixed,
    buyers: { type: Number, default: null },
    why: { type: String, default: null },
    after: { type: String, default: '' },
    done: count,
    total: count,
    levels: mixed,
    monthMoves: mixed,
    moves: mixed,
    moved: count,
    listed: count,
    by: text,
    decidedAt: { type: Date, default: null },
    decidedBy: { type: String, default: null },
    lookAt: { type: Date },
    expiresAt: { type: Date },
  },
  { collection: 'tierTrials', versionKey: false, minimize: false },
)
/** Reviews of a scheme, newest first. */
trials.index({ schemeId: 1, 'month.from': -1, at: -1 })
/** The sweep: trials under way. */
trials.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** The sweep: those to be forgotten. */
trials.index({ expiresAt: 1 }, { partialFilterExpression: { expiresAt: { $exists: true } } })

const moves = new Schema<TrialMoveDoc>(
  { _id: text, customerId: text, from: { type: String, default: '' }, to: text },
  { collection: 'tierTrialMoves', versionKey: false },
)
/** Those of one customer, who asks to be erased. */
moves.index({ customerId: 1 })

const schedules = new Schema<ScheduleDoc>(
  { _id: text, nextAt: date },
  { collection: 'tierSchedule', versionKey: false },
)

/** The room's collections, without Mongoose's casting. */
export const tierCollections = (connection: Connection) => {
  connection.model('TierScheme', schemes)
  connection.model('TierSurvey', surveys)
  connection.model('TierSurveyPiece', pieces)
  connection.model('TierTrial', trials)
  connection.model('TierTrialMove', moves)
  connection.model('TierSchedule', schedules)
  return {
    schemes: connection.collection<SchemeDoc>('tierSchemes'),
    surveys: connection.collection<SurveyDoc>('tierSurveys'),
    pieces: connection.collection<PieceDoc>('tierSurveyPieces'),
    trials: connection.collection<TrialDoc>('tierTrials'),
    moves: connection.collection<TrialMoveDoc>('tierTrialMoves'),
    schedule: connection.collection<ScheduleDoc>('tierSchedule'),
  }
}
export type TierCollections = ReturnType<typeof tierCollections>

/** The moves of one trial, from one customer on to another. */
export const movesOf = (trialId: string, after = '', last: string | null = null) =>
  last === null
    ? { _id: { $gt: `${trialId}:${after}`, $lt: `${trialId};` } }
    : { _id: { $gt: `${trialId}:${after}`, $lte: `${trialId}:${last}` } }
