import { z } from 'zod'
import { Comparison, CustomerMeasured, Measured, mostHeldOut, Season, usualLift } from '../measure.ts'
import { RuleStatus } from '../rule.ts'
import { endpoint, FileOut, IdParams, none } from './endpoint.ts'

/** The relative lift samples are planned for: 0.2 finds a fifth more. */
const lift = z.coerce.number().min(0.01).max(5).default(usualLift)
const percent = z.int().min(0).max(mostHeldOut)

/** A rule's own comparison, without its splits. */
export const RuleLift = z.object({
  ruleId: z.string(),
  rule: z.string(),
  status: RuleStatus,
  comparison: Comparison,
})
export type RuleLift = z.infer<typeof RuleLift>

export const Holdout = z.object({
  /** The one that holds; null before there ever was one. */
  season: Season.nullable(),
  /** What everything together brought about in it. */
  comparison: Comparison.nullable(),
  former: z.array(Season),
})
export type Holdout = z.infer<typeof Holdout>

export const measure = {
  overview: endpoint({
    method: 'GET',
    path: '/api/measure/rules',
    permission: 'manager',
    summary: 'What each rule brought about against its holdout, a page at a time; `after` is a rule',
    params: none,
    query: z.object({
      lift,
      limit: z.coerce.number().int().min(1).max(50).default(20),
      after: z.string().max(64).optional(),
    }),
    body: none,
    output: z.object({ items: z.array(RuleLift), next: z.string().nullable() }),
  }),
  rule: endpoint({
    method: 'GET',
    path: '/api/measure/rules/:id',
    permission: 'manager',
    summary:
      'A rule against its holdout and the arms of its splits: rates, money, lift with intervals, the sample needed, and what may be concluded; by the settings of `version` (default: the current one)',
    params: IdParams,
    query: z.object({ lift, version: z.coerce.number().int().min(1).optional() }),
    body: none,
    output: Measured,
  }),
  log: endpoint({
    method: 'GET',
    path: '/api/measure/rules/:id/exposures.csv',
    permission: 'manager',
    summary: 'Who came into a rule and into which arm, with goal and money, as CSV; ids are masked but for admins',
    params: IdParams,
    query: z.object({ lang: z.enum(['zh', 'en']).optional() }),
    body: none,
    output: FileOut,
    download: true,
  }),
  customer: endpoint({
    method: 'GET',
    path: '/api/measure/customers/:id',
    permission: 'manager',
    summary: 'Whether a customer is in the global holdout, and what was tried on them',
    params: IdParams,
    query: none,
    body: none,
    output: CustomerMeasured,
  }),
  holdout: endpoint({
    method: 'GET',
    path: '/api/measure/holdout',
    permission: 'manager',
    summary: 'The global holdout: its season, how many, and what all rules and broadcasts brought about against it',
    params: none,
    query: z.object({ lift }),
    body: none,
    output: Holdout,
  }),
  setHoldout: endpoint({
    method: 'PUT',
    path: '/api/measure/holdout',
    permission: 'manager',
    summary: 'How many percent are left out in this season; nobody else moves',
    params: none,
    query: none,
    body: z.object({ percent }),
    output: Season,
  }),
  beginSeason: endpoint({
    method: 'POST',
    path: '/api/measure/holdout/seasons',
    permission: 'manager',
    summary: 'Begin a new season: other customers are chosen, by a new salt',
    params: none,
    query: none,
    body: z.object({ name: z.string().trim().min(1).max(40), percent }),
    output: Season,
  }),
}
