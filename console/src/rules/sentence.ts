import { waysOf, type RuleInput, type Step } from '@zhiyin/shared/rule'
import type { Lang } from '@zhiyin/shared/text'
import { conditionSentence } from '../conditions/sentence.ts'
import { armName, stepSentence } from './step-sentence.ts'
import { triggerSentence } from './trigger-sentence.ts'
import { listOf, put, type Names } from './words.ts'

/** Whether everybody walks the steps one after the other, as they stand in the list. */
export const isLine = (steps: readonly Step[]): boolean =>
  steps.every((step, index) => {
    const ways = waysOf(steps, index)
    const following = steps[index + 1]?.id ?? null
    return step.type === 'exit' ? following === null : ways.length === 1 && ways[0]?.to === following
  })

/** 第 3 步 for a way that leads there, 结束 for the end. */
const goal = (steps: readonly Step[], to: string | null, lang: Lang): string => {
  const index = steps.findIndex(({ id }) => id === to)
  return index === -1 ? put('toEnd', lang) : put('toStep', lang, { n: index + 1 })
}

/** Every step by its number, and where it leads unless that is the next one. */
const numbered = (steps: readonly Step[], names: Names, lang: Lang): string =>
  steps
    .map((step, index) => {
      const ways = waysOf(steps, index)
      const leads =
        ways.length > 1
          ? listOf(
              ways.map(({ arm, to }) => `${armName(step, arm, lang)} ${goal(steps, to, lang)}`),
              lang,
            )
          : ways.flatMap(({ to }) => (to === (steps[index + 1]?.id ?? null) ? [] : [goal(steps, to, lang)])).join('')
      const what = stepSentence(step, names, lang, steps)
      return `${index + 1}. ${leads === '' ? what : `${what} ${leads}`}`
    })
    .join(lang === 'zh' ? '；' : '; ')

/** The whole rule as one sentence: who, then every step in order. */
export const ruleSentence = (rule: RuleInput, names: Names, lang: Lang): string => {
  const trigger = triggerSentence(rule.trigger, names, lang)
  const steps = isLine(rule.steps)
    ? rule.steps.map((step) => stepSentence(step, names, lang, rule.steps)).join(' → ')
    : numbered(rule.steps, names, lang)
  const condition = conditionSentence(rule.condition, lang)
  if (rule.trigger.type === 'schedule') return put('dailyAll', lang, { trigger, condition, steps })
  const all = rule.condition.type === 'all' && rule.condition.of.length === 0
  return all ? put('wholeAll', lang, { trigger, steps }) : put('whole', lang, { trigger, condition, steps })
}
