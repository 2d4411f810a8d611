import type { Condition } from '@zhiyin/shared/condition'
import type { Rule, RuleInput, RuleLimits, Step, Trigger } from '@zhiyin/shared/rule'
import { randomKey } from '../kit/key.ts'

/** A rule being written: what RuleInput holds, perhaps still with gaps. */
export type RuleDraft = {
  name: string
  trigger: Trigger
  condition: Condition
  steps: Step[]
  goal: RuleInput['goal']
  exitOn: RuleInput['exitOn']
  limits: RuleLimits
  /** The form it was made by; the server takes it away once the rest says something else. */
  recall?: RuleInput['recall']
}

export const draftOf = (input: RuleInput): RuleDraft => {
  const { name, trigger, condition, steps, goal, exitOn, limits, recall } = structuredClone(input)
  return { name, trigger, condition, steps, goal, exitOn, limits, recall }
}

/** The draft of a kept rule: what the form edits, without its id, status and counts. */
export const draftOfRule = ({ name, trigger, condition, steps, goal, exitOn, limits, recall }: Rule): RuleDraft =>
  draftOf({ name, trigger, condition, steps, goal, exitOn, limits, recall })

export const inputOf = (draft: RuleDraft): RuleInput => {
  const { name, trigger, condition, steps, goal, exitOn, limits, recall } = draft
  return {
    name: name.trim(),
    trigger,
    condition,
    steps,
    goal,
    exitOn,
    limits,
    recall,
  }
}

/** A new step's or arm's id: stable across edits, unique within the rule. */
export const stepId = (): string => `s_${randomKey(4)}`
