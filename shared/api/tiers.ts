import { z } from 'zod'
import { Because } from '../because/index.ts'
import { CustomerLevel } from '../customer.ts'
import { Cuts, SchemeInput, TierScheme } from '../tier-scheme.ts'
import { endpoint, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

const count = z.int().min(0)
/** How many customers are on each level, best level first. */
const LevelCounts = z.array(z.object({ key: z.string(), customers: count }))
/** So many go from one level to another; `from` null: they were in none before. */
export const LevelMove = z.object({ from: z.string().nullable(), to: z.string(), customers: count })
export type LevelMove = z.infer<typeof LevelMove>

/** The limits that were worked out of those who bought. */
const Worked = z.object({
  computedAt: z.iso.datetime(),
  buyers: count,
  /** Those of the last night; null with too few buyers. */
  cuts: Cuts.nullable(),
  /** Those in force; null: the scheme's own are. */
  inForce: Cuts.nullable(),
  adoptedAt: z.iso.datetime().nullable(),
  /** Since when one of them has been far from those in force; null: none is. */
  waitingSince: z.iso.datetime().nullable(),
})

export const SchemeRow = z.object({
  /** As it was written; limits worked out stand in `worked`. */
  scheme: TierScheme,
  primary: z.boolean(),
  version: z.int(),
  worked: Worked.nullable(),
  levels: LevelCounts,
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
})
export type SchemeRow = z.infer<typeof SchemeRow>

/** How many have how much: `counts[i]` of at least i × step, less than (i + 1) × step; `over`: beyond the last. */
export const Histogram = z.object({ step: z.number(), counts: z.array(count), over: count })
export type Histogram = z.infer<typeof Histogram>

/** The measures of everybody who bought within a window, as they were counted last; money in minor units. */
export const Distribution = z.object({
  windowDays: z.int(),
  at: z.iso.datetime().nullable(),
  /** A count under way and how many customers it has seen. */
  running: z.object({ done: count }).nullable(),
  customers: count,
  buyers: count,
  measures: z.object({ days: Histogram, orders: Histogram, spend: Histogram, average: Histogram }).nullable(),
})
export type Distribution = z.infer<typeof Distribution>

/** What a draft would do, counted over the kept distribution (by stage: over the customers as they stand); holds are left out. */
export const Preview = z.object({
  at: z.iso.datetime().nullable(),
  customers: count,
  /** How many have bought within the window; null where that is of no matter. */
  buyers: count.nullable(),
  levels: LevelCounts,
  /** The limits that would be in force by the distribution, or that it would give one with fixed limits; null with too few buyers. */
  cuts: Cuts.nullable(),
  /** How many would be on another level than by the limits in force; null where nothing is to compare with. */
  moved: count.nullable(),
})
export type Preview = z.infer<typeof Preview>

export const trialStates = ['running', 'done', 'adopted', 'dismissed'] as const

/** A try over every customer: which moves a scheme would cause. With a month it is that month's review. */
export const Trial = z.object({
  id: z.string(),
  schemeId: z.string().nullable(),
  scheme: TierScheme,
  /** Levels as they stand, best first. */
  before: z.array(z.object({ key: z.string(), name: z.string() })),
  month: z.object({ name: z.string(), from: z.iso.datetime(), to: z.iso.datetime() }).nullable(),
  state: z.enum(trialStates),
  at: z.iso.datetime(),
  done: count,
  customers: count,
  /** Customers per level at the end of the month, or now. */
  levels: LevelCounts,
  /** What the month moved. */
  monthMoves: z.array(LevelMove),
  /** What is proposed; null where nothing is, and why. */
  proposed: Cuts.nullable(),
  inForce: Cuts.nullable(),
  buyers: count.nullable(),
  why: z.enum(['no_limits', 'no_shares', 'few']).nullable(),
  moves: z.array(LevelMove),
  moved: count,
  /** How many of the moves are listed. */
  listed: count,
  by: z.string(),
  decidedAt: z.iso.datetime().nullable(),
  decidedBy: z.string().nullable(),
})
export type Trial = z.infer<typeof Trial>

export const TrialMove = z.object({ customerId: z.string(), customer: z.string(), from: z.string(), to: z.string() })
export type TrialMove = z.infer<typeof TrialMove>

export const CustomerLevels = z.object({
  items: z.array(
    CustomerLevel.extend({
      /** Newest first; `from` null: the first level known. */
      history: z.array(
        z.object({ at: z.iso.datetime(), from: z.string().nullable(), to: z.string(), because: z.array(Because) }),
      ),
    }),
  ),
})
export type CustomerLevels = z.infer<typeof CustomerLevels>

export const SchemeTemplate = z.object({ key: z.string(), hint: z.string(), scheme: SchemeInput })
export type SchemeTemplate = z.infer<typeof SchemeTemplate>

const manager = { permission: 'manager', params: none, query: none, body: none } as const
const ofOne = { ...manager, params: IdParams } as const
const windowDays = z.coerce.number().int().min(1).max(3650)

export const tiers = {
  list: endpoint({
    ...manager,
    method: 'GET',
    path: '/api/tiers',
    summary: 'Every tier scheme, the primary one first, with how many customers are on each level',
    output: z.object({
      items: z.array(SchemeRow),
      /** How far working everybody out anew has come; null: it is done. */
      recomputing: z.object({ done: count }).nullable(),
    }),
  }),
  templates: endpoint({
    ...manager,
    method: 'GET',
    path: '/api/tiers/templates',
    summary: 'Schemes to begin with',
    output: z.object({ items: z.array(SchemeTemplate) }),
  }),
  get: endpoint({ ...ofOne, method: 'GET', path: '/api/tiers/:id', summary: 'One tier scheme', output: SchemeRow }),
  create: endpoint({
    ...manager,
    method: 'POST',
    path: '/api/tiers',
    summary: 'Make a tier scheme; every customer gets a level in it in the background',
    body: SchemeInput,
    output: SchemeRow,
  }),
  /** `version` must be the one read, else conflict.changed. */
  update: endpoint({
    ...ofOne,
    method: 'PUT',
    path: '/api/tiers/:id',
    summary: 'Change a tier scheme; levels follow in the background',
    body: z.object({ version: z.int(), scheme: SchemeInput }),
    output: SchemeRow,
  }),
  makePrimary: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/tiers/:id/primary',
    summary: 'Make a scheme the primary one: its tiers are the customers’ tiers from then on',
    output: SchemeRow,
  }),
  remove: endpoint({
    ...ofOne,
    method: 'DELETE',
    path: '/api/tiers/:id',
    summary: 'Delete a tier scheme nothing asks for',
    output: Ok,
  }),
  distribution: endpoint({
    ...manager,
    method: 'GET',
    path: '/api/tiers/distribution',
    summary: 'How recency, orders and money are spread over those who bought within a window, as counted last',
    query: z.object({ windowDays }),
    output: Distribution,
  }),
  count: endpoint({
    ...manager,
    method: 'POST',
    path: '/api/tiers/distribution',
    summary: 'Count a window now, in the background',
    body: z.object({ windowDays: z.int().min(1).max(3650) }),
    output: Distribution,
  }),
  preview: endpoint({
    ...manager,
    method: 'POST',
    path: '/api/tiers/preview',
    summary: 'How many would be on each level, and how many would move',
    body: z.object({ id: z.string().max(64).nullable(), scheme: SchemeInput }),
    output: Preview,
  }),
  try: endpoint({
    ...manager,
    method: 'POST',
    path: '/api/tiers/trials',
    summary: 'Try a draft over every customer, in the background: every move it would cause, holds included',
    body: z.object({ id: z.string().max(64).nullable(), scheme: SchemeInput }),
    output: Trial,
  }),
  review: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/tiers/:id/reviews',
    summary: 'Review this month so far, in the background',
    output: Trial,
  }),
  reviews: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/tiers/:id/reviews',
    summary: 'Reviews of a scheme, newest first',
    output: z.object({ items: z.array(Trial) }),
  }),
  trial: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/tier-trials/:id',
    summary: 'A try or review, and how far it has come',
    output: Trial,
  }),
  moves: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/tier-trials/:id/moves',
    summary: 'Who would move, in the order of ids',
    query: Page,
    output: pageOf(TrialMove),
  }),
  adopt: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/tier-trials/:id/adopt',
    summary: 'Take the limits a review proposes',
    output: Trial,
  }),
  dismiss: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/tier-trials/:id/dismiss',
    summary: 'Leave the limits as they are',
    output: Trial,
  }),
  ofCustomer: endpoint({
    ...ofOne,
    permission: 'rep',
    method: 'GET',
    path: '/api/customers/:id/levels',
    summary: 'A customer’s level in every scheme, why, since when, and how it came about',
    output: CustomerLevels,
  }),
}
