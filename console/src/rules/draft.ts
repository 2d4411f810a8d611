import type { Condition } from '@zhiyin/shared/condition'
import type { Rule, RuleInput, RuleLimits, Step, Trigger } from '@zhiyin/shared/rule'
import { randomKey } from '../kit/key.ts'

/** One condition of the form: a plain one, perhaps turned round, or one too deep for the form, kept as it came. */
export type Leaf = Extract<Condition, { type: 'stage' | 'tier' | 'tag' | 'silent' | 'orders' }>
export type Clause = { kind: 'leaf'; not: boolean; leaf: Leaf } | { kind: 'deep'; condition: Condition }

/** `one` is a condition that stands alone, not wrapped in `all` or `any`. */
export type ConditionDraft = { join: 'all' | 'any' | 'one'; clauses: Clause[] }

export type CheckStep = Extract<Step, { type: 'check' }>
export type StepDraft = Exclude<Step, CheckStep> | (Omit<CheckStep, 'condition'> & { condition: ConditionDraft })

/** A rule being written: the same figures as RuleInput, its conditions laid flat for the form. */
export type RuleDraft = {
  name: string
  trigger: Trigger
  condition: ConditionDraft
  steps: StepDraft[]
  goal: RuleInput['goal']
  exitOn: RuleInput['exitOn']
  limits: RuleLimits
}

const isLeaf = (condition: Condition): condition is Leaf =>
  condition.type !== 'all' && condition.type !== 'any' && condition.type !== 'not'

const clauseOf = (condition: Condition): Clause => {
  if (isLeaf(condition)) return { kind: 'leaf', not: false, leaf: condition }
  if (condition.type === 'not' && isLeaf(condition.of)) return { kind: 'leaf', not: true, leaf: condition.of }
  return { kind: 'deep', condition }
}

export const conditionDraftOf = (condition: Condition): ConditionDraft =>
  condition.type === 'all' || condition.type === 'any'
    ? { join: condition.type, clauses: condition.of.map(clauseOf) }
    : { join: 'one', clauses: [clauseOf(condition)] }

export const conditionOfClause = (clause: Clause): Condition => {
  if (clause.kind === 'deep') return clause.condition
  return clause.not ? { type: 'not', of: clause.leaf } : clause.leaf
}

export const conditionOf = ({ join, clauses }: ConditionDraft): Condition => {
  const of = clauses.map(conditionOfClause)
  const [only] = of
  if (only === undefined) return { type: 'all', of: [] }
  if (join === 'one' && of.length === 1) return only
  return { type: join === 'any' ? 'any' : 'all', of }
}

const stepDraftOf = (step: Step): StepDraft =>
  step.type === 'check' ? { ...step, condition: conditionDraftOf(step.condition) } : step

const stepOf = (step: StepDraft): Step =>
  step.type === 'check' ? { ...step, condition: conditionOf(step.condition) } : step

export const draftOf = (input: RuleInput): RuleDraft => {
  const { name, trigger, condition, steps, goal, exitOn, limits } = structuredClone(input)
  return { name, trigger, condition: conditionDraftOf(condition), steps: steps.map(stepDraftOf), goal, exitOn, limits }
}

/** The draft of a kept rule: what the form edits, without its id, status and counts. */
export const draftOfRule = ({ name, trigger, condition, steps, goal, exitOn, limits }: Rule): RuleDraft =>
  draftOf({ name, trigger, condition, steps, goal, exitOn, limits })

export const inputOf = (draft: RuleDraft): RuleInput => {
  const { name, trigger, condition, steps, goal, exitOn, limits } = draft
  return {
    name: name.trim(),
    trigger,
    condition: conditionOf(condition),
    steps: steps.map(stepOf),
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
      need(step.condition.clauses.length > 0, `steps.${index}.condition`, 'condition')
      gapsOfCondition(step.condition).forEach((gap) => need(false, `steps.${index}.condition`, gap))
    }
  })
  return gaps
}

const gapsOfCondition = ({ clauses }: ConditionDraft): string[] =>
  clauses.flatMap((clause) => {
    if (clause.kind === 'deep') return []
    const { leaf } = clause
    if ((leaf.type === 'stage' || leaf.type === 'tier') && leaf.in.length === 0) return [`${leaf.type}s`]
    return leaf.type === 'tag' && leaf.tagId === '' ? ['tag'] : []
  })
