import { ApiError } from '@zhiyin/shared/api/client'
import { rules } from '@zhiyin/shared/api/rules'
import type { RuleInput } from '@zhiyin/shared/rule'
import type { RuleProblem } from '@zhiyin/shared/rule-problem'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCall } from '../kit/call.ts'
import { useTrial } from '../kit/trial.ts'
import { problemFinder } from './problems.ts'
import type { RuleEditor } from './useRuleEditor.ts'

export type RuleProblems = {
  /** What the server refused, at a path of RuleInput or beneath it. */
  readonly problemAt: (path: string) => string | undefined
  /** What is wrong with a step, or (null) with the rule as a whole. */
  readonly problemsOf: (stepId: string | null) => RuleProblem[]
  /** What a step still lacks, in words. */
  readonly gapsOf: (stepId: string) => string[]
  /** Everything the rule still lacks, in words, with the step. */
  readonly missing: ComputedRef<string[]>
  /** Why the rule could not be checked. */
  readonly failed: () => string | undefined
}

/** What is wrong with the draft of a rule: gaps at once, the rest from the server whenever the draft has rested. */
export const useRuleProblems = (
  { gaps, act, draft }: RuleEditor,
  input: () => (RuleInput & { id?: string }) | null,
): RuleProblems => {
  const { t } = useI18n({ useScope: 'global' })
  const call = useCall()
  const check = useTrial(input, (rule) => call(rules.check, { body: rule }))
  const refused = computed(() => problemFinder(act.error.value instanceof ApiError ? act.error.value.fields : []))
  const found = computed(() => check.result.value?.problems ?? [])
  const placed = computed(() =>
    gaps.value.map(({ path, gap }) => {
      const step = /^steps\.(\d+)/.exec(path)?.[1]
      return { words: t(`rule.gap.${gap}`), place: step === undefined ? undefined : Number(step) }
    }),
  )
  return {
    problemAt: (path) => refused.value(path),
    problemsOf: (stepId) => found.value.filter((problem) => problem.stepId === stepId),
    gapsOf: (stepId) => {
      const at = draft.value.steps.findIndex(({ id }) => id === stepId)
      return placed.value.filter(({ place }) => place === at).map(({ words }) => words)
    },
    missing: computed(() =>
      placed.value.map(({ words, place }) => (place === undefined ? words : t('rule.gapAt', { n: place + 1, words }))),
    ),
    failed: () => check.error.value,
  }
}
