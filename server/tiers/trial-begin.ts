import { cutsOf, type TierScheme } from '@zhiyin/shared/tier-scheme'
import { counting } from './store.ts'
import type { SchemeDoc, TrialDoc } from './tiers.model.ts'

/** A try before its first batch; `doc` is the scheme as it stands, null for a new one. */
export const beginning = (
  _id: string,
  scheme: TierScheme,
  doc: SchemeDoc | null,
  by: string,
  at: Date,
): Omit<TrialDoc, 'total' | 'lookAt'> => ({
  _id,
  schemeId: doc?._id ?? null,
  scheme,
  before: doc?.levels ?? [],
  schemeVersion: doc?.version ?? 0,
  month: null,
  state: 'running',
  at,
  ready: true,
  proposed: null,
  inForce: doc === null ? null : cutsOf(counting(doc).how),
  buyers: null,
  why: null,
  after: '',
  done: 0,
  levels: {},
  monthMoves: {},
  moves: {},
  moved: 0,
  listed: 0,
  by,
  decidedAt: null,
  decidedBy: null,
})
