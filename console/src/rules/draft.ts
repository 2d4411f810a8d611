import type { Condition } from '@zhiyin/shared/condition'
import type { Rule, RuleInput, RuleLimits, Step, Trigger } from '@zhiyin/shared/rule'
import { gapsOfCondition } from '../conditions/tree.ts'
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
}

export const draftOf = (input: RuleInput): RuleDraft => {
  const { name, trigger, condition, steps, goal, exitOn, limits } = structuredClone(input)
  return { name, trigger, condition, steps, goal, exitOn, limits }
}

/** The draft of a kept rule: what the form edits, without its id, status and counts. */
export const draftOfRule = ({ name, trigger, condition, steps, goal, exitOn, limits }: Rule): RuleDraft =>
  draftOf({ name, trigger, condition, steps, goal, exitOn, limits })

export const inputOf = (draft: RuleDraft): RuleInput => {
  const { name, trigger, condition, steps, goal, exitOn, limits } = draft
  return {
    name: name.trim(),
    trigger,
    condition,
    steps,
    goal,
    exitOn,
    limits,
  }
}

/** A new step's id: stable across edits, unique within the rule. */
export const stepId = (): string => `s_${randomKey(4)}`

/** What the form itself can say is missing, by the path of the field in RuleInput; the server says the rest. */
export const gapsOf = (draft: RuleDraft): { path: string; gap: string }[] => {
  const gaps: { path: string; gap: string }[] = []
  const need = (ok: boolean, path: string, gap: string) => {
    if (!ok) gaps.push({ path, gap })
  }
  need(draft.name.trim().length > 0, 'name', 'name')
  if (draft.trigger.type === 'stage.entered') need(draft.trigger.stages.length > 0, 'trigger.stages', 'stages')
  if (draft.trigger.type === 'tier.changed') need(draft.trigger.to.length > 0, 'trigger.to', 'tiers')
  if (draft.trigger.type === 'segment.entered' || draft.trigger.type === 'segment.left')
    need(draft.trigger.segments.length > 0, 'trigger.segments', 'segment')
  gapsOfCondition(draft.condition).forEach((gap) => need(false, 'condition', gap))
  need(draft.steps.length > 0, 'steps', 'steps')
  draft.steps.forEach((step, index) => {
    if (step.type === 'send') {
      need(step.contentId !== '', `steps.${index}.contentId`, 'content')
      need(step.channel !== 'robot' || Boolean(step.groupId), `steps.${index}.groupId`, 'group')
    }
    if (step.type === 'task') need(step.title.trim() !== '', `steps.${index}.title`, 'title')
    if (step.type === 'tag') need(step.add.length + step.remove.length > 0, `steps.${index}.add`, 'tag')
    if (step.type === 'check') {
      need(!isEveryone(step.condition), `steps.${index}.condition`, 'condition')
      gapsOfCondition(step.condition).forEach((gap) => need(false, `steps.${index}.condition`, gap))
    }
  })
  return gaps
}

const isEveryone = (condition: Condition): boolean => condition.type === 'all' && condition.of.length === 0
