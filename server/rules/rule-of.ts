import type { RuleInput } from '@zhiyin/shared/rule'
import type { RuleDoc } from './rules.model.ts'

/** A rule that stands nowhere yet. */
export const ruleOf = (_id: string, input: RuleInput, at: Date): RuleDoc => ({
  ...input,
  _id,
  version: 0,
  live: null,
  listens: [],
  status: 'draft',
  scheduleAt: null,
  updatedAt: at,
  updatedBy: '',
})
