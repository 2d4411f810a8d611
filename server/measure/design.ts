import { plainDays, seasonDays } from '@zhiyin/shared/measure'
import type { Goal, StepOf } from '@zhiyin/shared/rule'
import type { RuleTerms } from './types.ts'

export const daysOf = (goal: Goal | null): number => goal?.withinDays ?? plainDays

export const ruleScope = (ruleId: string): string => `rule:${ruleId}`
export const splitScope = (ruleId: string, stepId: string): string => `split:${ruleId}:${stepId}`
export const seasonScope = (seasonId: string): string => `season:${seasonId}`

/** What a season asks of everybody alike. */
export const seasonGoal: Goal = { on: 'ordered', withinDays: seasonDays }

/** What must be alike for rows to be compared: other shares or another goal would mix times with arms. */
export const ruleDesign = ({ goal, limits }: Pick<RuleTerms, 'goal' | 'limits'>): string =>
  JSON.stringify([limits.holdoutPercent, goal])
export const splitDesign = ({ goal }: Pick<RuleTerms, 'goal'>, { arms }: StepOf<'split'>): string =>
  JSON.stringify([arms.map(({ id, percent }) => [id, percent]), goal])
export const seasonDesign = (percent: number): string => String(percent)

/** The splits of a rule by their ids. */
export const splitsOf = ({ steps }: Pick<RuleTerms, 'steps'>): StepOf<'split'>[] =>
  steps.flatMap((step) => (step.type === 'split' ? [step] : []))
