import type { Condition } from '@zhiyin/shared/condition'
import type { TagRuleInput } from '@zhiyin/shared/tag-rule'
import { everyone, gapsOfCondition } from '../conditions/tree.ts'

/** A tag rule being written; `tagId` '' while no tag is chosen. */
export type TagRuleDraft = { name: string; tagId: string; condition: Condition }

export const emptyTagRule = (): TagRuleDraft => ({ name: '', tagId: '', condition: everyone })
export const draftOfTagRule = ({ name, tagId, condition }: TagRuleInput): TagRuleDraft => ({ name, tagId, condition })

/** What hinders a try: no tag, or a condition that is not finished. */
export const gapOfTrial = ({ tagId, condition }: TagRuleDraft): 'noTag' | 'unfinished' | null => {
  if (tagId === '') return 'noTag'
  return gapsOfCondition(condition).length > 0 ? 'unfinished' : null
}
export const isWhole = (draft: TagRuleDraft): boolean => draft.name.trim() !== '' && gapOfTrial(draft) === null
export const tagRuleInput = ({ name, ...rest }: TagRuleDraft): TagRuleInput => ({ ...rest, name: name.trim() })
