import { z } from 'zod'
import { Attribute, AttributeType } from '../attribute.ts'
import { CustomerProfile, Layer, LayerValue } from '../customer.ts'
import { endpoint, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

/** How many customers have been worked on, of about so many. */
const Progress = z.object({ done: z.int(), of: z.int() })

/** An attribute with what may be done with it. */
export const AttributeRow = Attribute.extend({
  builtIn: z.boolean(),
  /** Conditions may ask for it. */
  askable: z.boolean(),
  /** A person may state it of a customer. */
  editable: z.boolean(),
  version: z.int(),
  /** Customers whose past has been looked through since the computation changed, of about so many; null when all have been. */
  backfill: Progress.nullable(),
  updatedAt: z.iso.datetime().nullable(),
  updatedBy: z.string().nullable(),
})
export type AttributeRow = z.infer<typeof AttributeRow>

/** How old known values are: seen within 30, 90, 365 days, or before. */
export const Freshness = z.object({ d30: z.int(), d90: z.int(), d365: z.int(), older: z.int() })
export type Freshness = z.infer<typeof Freshness>

const figures = {
  /** Customers with a value. */
  known: z.int(),
  fresh: Freshness,
  /** Customers whose sources disagree. */
  conflicts: z.int(),
  /** Customers of whom somebody said what is none of its values. */
  rejects: z.int(),
}
/** What is known of an attribute, counted over every customer. */
export const AttributeQuality = z.object({ key: z.string(), ...figures, stated: z.int() })
export type AttributeQuality = z.infer<typeof AttributeQuality>
/** Of a layer: `coverage` is the share of its values there could be that are known, the other figures are sums over its attributes. */
export const LayerQuality = z.object({ layer: Layer, ...figures, coverage: z.number() })
export type LayerQuality = z.infer<typeof LayerQuality>

/** A trait that systems send and nobody has defined, and what it looks like. */
export const UnknownTrait = z.object({
  key: z.string(),
  customers: z.int(),
  type: AttributeType,
  choices: z.array(z.string()),
  layer: Layer,
  /** Its name can be an attribute's key. */
  definable: z.boolean(),
})
export type UnknownTrait = z.infer<typeof UnknownTrait>

export const Quality = z.object({
  /** When the count began; null before the first one. */
  at: z.iso.datetime().nullable(),
  /** Whom more than an anonymous id is known of: coverage is of these. */
  customers: z.int(),
  /** Visitors who left nothing but an anonymous id. */
  anonymous: z.int(),
  /** Conflicts and rejects are those of the asking manager's departments, as they stand now; the rest is of the whole company. */
  scoped: z.boolean(),
  /** A count under way, and how many customers it has seen. */
  running: z.object({ done: z.int() }).nullable(),
  layers: z.array(LayerQuality),
  attributes: z.array(AttributeQuality),
  /** Seen but not defined, the commonest first. */
  unknown: z.array(UnknownTrait),
})
export type Quality = z.infer<typeof Quality>

export const issues = ['conflicts', 'rejects'] as const
export const Issue = z.enum(issues)
export type Issue = z.infer<typeof Issue>

export const IssueRow = z.object({ customerId: z.string(), customer: z.string(), value: LayerValue.nullable() })
export type IssueRow = z.infer<typeof IssueRow>

const KeyParams = z.object({ key: z.string().min(1).max(64) })
const ofCustomer = IdParams.extend(KeyParams.shape)

export const attributes = {
  list: endpoint({
    method: 'GET',
    path: '/api/attributes',
    permission: 'rep',
    summary: 'Every attribute of the five layers, built-in ones first',
    params: none,
    query: none,
    body: none,
    /** `working`: customers being worked out anew, as they are now defined. */
    output: z.object({ items: z.array(AttributeRow), working: Progress.nullable() }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/attributes',
    permission: 'manager',
    summary: 'Define an attribute; a computed one is worked out over the past as well',
    params: none,
    query: none,
    body: Attribute,
    output: AttributeRow,
  }),
  /** `version` must be the one read, else conflict.changed. Of a built-in one name, sensitivity and sources change, the rest stays. */
  update: endpoint({
    method: 'PUT',
    path: '/api/attributes/:key',
    permission: 'manager',
    summary: 'Change an attribute',
    params: KeyParams,
    query: none,
    body: Attribute.omit({ key: true }).extend({ version: z.int() }),
    output: AttributeRow,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/attributes/:key',
    permission: 'manager',
    summary: 'Remove an attribute; what sources said of it is kept',
    params: KeyParams,
    query: none,
    body: none,
    output: Ok,
  }),
  quality: endpoint({
    method: 'GET',
    path: '/api/attributes/quality',
    permission: 'manager',
    summary: 'Coverage, freshness, conflicts and rejected values per layer and attribute, counted every night',
    params: none,
    query: none,
    body: none,
    output: Quality,
  }),
  count: endpoint({
    method: 'POST',
    path: '/api/attributes/quality',
    permission: 'manager',
    summary: 'Count the quality of the data now',
    params: none,
    query: none,
    body: none,
    output: Ok,
  }),
  /** As it stands now, not as it was counted. */
  withIssue: endpoint({
    method: 'GET',
    path: '/api/attributes/:key/customers',
    permission: 'manager',
    summary: 'Customers of whom sources disagree, or say what is none of the attribute’s values',
    params: KeyParams,
    query: Page.extend({ issue: Issue.default('conflicts') }),
    body: none,
    output: pageOf(IssueRow),
  }),
  correct: endpoint({
    method: 'PUT',
    path: '/api/customers/:id/attributes/:key',
    permission: 'rep',
    summary: 'State a value of a customer; it beats what systems say',
    params: ofCustomer,
    query: none,
    body: z.object({
      value: z.union([
        z.string().trim().min(1).max(500),
        z.number(),
        z.boolean(),
        z.array(z.string().max(60)).min(1).max(50),
      ]),
    }),
    output: CustomerProfile,
  }),
  undo: endpoint({
    method: 'DELETE',
    path: '/api/customers/:id/attributes/:key',
    permission: 'rep',
    summary: 'Take back what reps stated of a value; what others said counts again',
    params: ofCustomer,
    query: none,
    body: none,
    output: CustomerProfile,
  }),
}
