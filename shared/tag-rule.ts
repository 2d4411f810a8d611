import { z } from 'zod'
import { Because } from './because/index.ts'
import { Condition } from './condition.ts'

const id = z.string().min(1).max(64)

/** A tag that is on whoever meets a condition, and off as soon as they meet it no more. */
export const TagRuleInput = z.object({ name: z.string().trim().min(1).max(60), tagId: id, condition: Condition })
export type TagRuleInput = z.infer<typeof TagRuleInput>

export const TagRule = TagRuleInput.extend({
  id,
  tag: z.string(),
  group: z.string(),
  on: z.boolean(),
  version: z.int(),
  /** Customers whom it keeps the tag on. */
  customers: z.int(),
  /** Its tag was deleted, so it keeps nothing on. */
  tagGone: z.boolean(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
})
export type TagRule = z.infer<typeof TagRule>

/** What a rule said at a version. */
export const TagRuleVersion = TagRuleInput.extend({ version: z.int(), at: z.iso.datetime(), by: z.string() })
export type TagRuleVersion = z.infer<typeof TagRuleVersion>

/** What switching a rule on would do to a customer. `blocked`: somebody took the tag off, or another one of its group is on. */
export const tagRuleChanges = ['gets', 'loses', 'blocked'] as const
export const TagRuleChange = z.enum(tagRuleChanges)
export type TagRuleChange = z.infer<typeof TagRuleChange>

export const TagRuleDryRow = z.object({
  customerId: z.string(),
  customer: z.string(),
  change: TagRuleChange,
  because: z.array(Because),
})
export type TagRuleDryRow = z.infer<typeof TagRuleDryRow>

/** What a rule would do now; nothing is changed. `keeps`: meets it and has the tag already. `rows`: some of each. */
export const TagRuleDry = z.object({
  at: z.iso.datetime(),
  gets: z.int(),
  keeps: z.int(),
  loses: z.int(),
  blocked: z.int(),
  rows: z.array(TagRuleDryRow),
  /** Only customers whom the reader may see were looked at. */
  limited: z.boolean(),
})
export type TagRuleDry = z.infer<typeof TagRuleDry>
